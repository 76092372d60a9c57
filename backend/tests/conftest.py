"""Settings of every test session: no skipped test goes unnoticed in CI, and the same seed gives the same examples."""

import os

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = [
    "tests.support.postgres",
    "tests.support.app",
    "tests.support.widget",
    "tests.support.account",
]

IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}

settings.register_profile("local", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("local"), derandomize=True, print_blob=True)
settings.load_profile("ci" if IN_CI else "local")

# Nothing of the developer's own installation reaches a test: each test names the settings it needs.
for _name in [name for name in os.environ if name.startswith("KRYPTOS_")]:
    del os.environ[_name]


class SkippedTests:
    """Collects what was skipped and why; in CI one skipped test fails the session."""

    def __init__(self) -> None:
        self.reasons: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a skipped test; an expected failure is reported as skipped too, but it ran."""
        if report.skipped and not hasattr(report, "wasxfail"):
            self.reasons.append(f"{report.nodeid}: {reason_of(report.longrepr)}")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a module that skipped itself while it was collected."""
        if report.skipped:
            self.reasons.append(f"{report.nodeid}: {reason_of(report.longrepr)}")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Turn a success with skipped tests into a failure."""
        if self.reasons and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say which tests were skipped, and why that is a failure."""
        if self.reasons:
            terminalreporter.section(
                "skipped tests fail the session in CI: install what they need, or delete them"
            )
            for reason in self.reasons:
                terminalreporter.write_line(reason)


def reason_of(longrepr: object) -> str:
    """Return the reason out of pytest's ``(path, line, reason)``."""
    return str(longrepr[2]) if isinstance(longrepr, tuple) else str(longrepr)


def pytest_configure(config: pytest.Config) -> None:
    """Watch for skipped tests where CI runs; with xdist the main process alone sees every report."""
    is_worker = hasattr(config, "workerinput")
    if IN_CI and not is_worker:
        config.pluginmanager.register(SkippedTests(), "kryptos-skipped-tests")

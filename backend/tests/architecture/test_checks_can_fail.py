"""Proof that the architecture checks can fail: each rule is broken once in a copy, and must be reported."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture.source_tree import (
    PACKAGE_CHECKS,
    REPOSITORY,
    Check,
    banned_name,
    clock_or_chance,
    environment_read,
    files_under,
    float_near_value,
    import_in_function,
    missing_purpose,
    settings_at_import,
    too_long,
)

Plant = Callable[[str, str], None]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return the root of a copy of the package and of the configuration."""
    shutil.copytree(
        REPOSITORY / "backend/src",
        tmp_path / "backend/src",
        ignore=shutil.ignore_patterns("__pycache__", "data"),
    )
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.fixture
def plant(copy: Path) -> Plant:
    """Return a function that writes one file, with the packages around it, into the copy."""

    def write(name: str, text: str) -> None:
        path = copy / "backend/src/kryptos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        for folder in path.relative_to(copy / "backend/src").parents:
            package = copy / "backend/src" / folder / "__init__.py"
            if folder != Path() and not package.exists():
                package.write_text('"""A planted package."""\n', encoding="utf-8")

    return write


def lint_imports(root: Path) -> tuple[int, str]:
    """Run import-linter over a copy; return its exit code and what it said."""
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "backend/src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return run.returncode, run.stdout + run.stderr


def findings(root: Path, *checks: Check) -> list[str]:
    """Run checks over a copy; return what they report."""
    files = files_under(root / "backend/src/kryptos", shown_from=root)
    return [str(finding) for file in files for check in checks for finding in check(file)]


def test_untouched_copy_passes(copy: Path) -> None:
    code, said = lint_imports(copy)
    assert code == 0, said
    assert "0 broken" in said
    assert findings(copy, *PACKAGE_CHECKS) == []


@pytest.mark.parametrize(
    ("name", "text", "said_so"),
    [
        pytest.param(
            "kernel/planted.py",
            "import kryptos.infra.settings",
            "kryptos.kernel is not allowed to import kryptos.infra",
            id="upward-import",
        ),
        pytest.param(
            "domains/grants/planted.py",
            "import kryptos.providers.chains.evm",
            "kryptos.domains is not allowed to import kryptos.providers.chains",
            id="adapter-around-the-registry",
        ),
        pytest.param(
            "domains/gambling/service.py", "", "kryptos.domains.gambling", id="domain-not-on-the-ladder"
        ),
        pytest.param("gossip.py", "", "kryptos.gossip", id="layer-not-in-the-plan"),
        pytest.param(
            "surfaces/data_api/planted.py",
            "import kryptos.surfaces.connect_api.planted",
            "kryptos.surfaces.data_api is not allowed to import kryptos.surfaces.connect_api",
            id="surface-imports-surface",
        ),
        pytest.param(
            "surfaces/data_api/planted.py",
            "import kryptos.domains.grants._planted",
            "kryptos.domains.grants._planted",
            id="private-module",
        ),
        pytest.param(
            "domains/costbasis/engine/planted.py",
            "import asyncio",
            "kryptos.domains.costbasis.engine is not allowed to import asyncio",
            id="engine-does-io",
        ),
        pytest.param(
            "domains/grants/planted.py",
            "import litestar",
            "kryptos.domains is not allowed to import litestar",
            id="web-framework-in-a-domain",
        ),
        pytest.param(
            "entrypoints/web.py",
            "import kryptos.domains.integrations.planted",
            "kryptos.entrypoints.web is not allowed to import ccxt",
            id="exchanges-in-the-web-process",
        ),
    ],
)
def test_import_linter_reports(copy: Path, plant: Plant, name: str, text: str, said_so: str) -> None:
    plant("surfaces/connect_api/planted.py", '"""Something to import."""\n')
    plant("domains/grants/_planted.py", '"""Something private."""\n')
    plant("domains/integrations/planted.py", '"""Something that loads exchanges."""\n\nimport ccxt\n')
    plant(name, f'"""A planted file."""\n\n{text}\n')
    code, said = lint_imports(copy)
    assert code == 1, said
    assert said_so in said


@pytest.mark.parametrize(
    ("check", "name", "text", "said_so"),
    [
        pytest.param(
            float_near_value,
            "domains/portfolio/planted.py",
            '"""Holdings."""\n\n\ndef worth(quantity: float) -> None: ...\n',
            "domains/portfolio/planted.py:4: a float is never exact",
            id="float-in-a-domain",
        ),
        pytest.param(
            float_near_value,
            "surfaces/data_api/planted.py",
            '"""Wire."""\n\n\nclass Out:\n    timeout: float\n    unitPrice: "float | None"\n',
            "surfaces/data_api/planted.py:6: Out.unitPrice: a float is never exact",
            id="float-field-on-the-wire",
        ),
        pytest.param(
            clock_or_chance,
            "domains/costbasis/engine/planted.py",
            '"""Lots."""\n\nfrom datetime import UTC, datetime as moment\n\nNOW = moment.now(UTC)\n',
            "engine/planted.py:5: datetime.datetime.now: time and chance are arguments",
            id="clock-in-an-engine",
        ),
        pytest.param(
            clock_or_chance,
            "domains/grants/planted.py",
            '"""Tokens."""\n\nimport secrets\n\n\ndef token() -> str:\n    return secrets.token_hex()\n',
            "domains/grants/planted.py:7: secrets.token_hex: time and chance are arguments",
            id="chance-in-a-domain",
        ),
        pytest.param(
            environment_read,
            "domains/grants/planted.py",
            '"""Grants."""\n\nimport os\n\nLIFE = os.environ["LIFE"]\n',
            "domains/grants/planted.py:5: os.environ: only infra/settings.py reads the environment",
            id="environment-in-a-domain",
        ),
        pytest.param(
            import_in_function,
            "domains/grants/planted.py",
            '"""Grants."""\n\n\ndef late() -> None:\n    import kryptos\n',
            "domains/grants/planted.py:5: an import inside a function",
            id="import-in-a-function",
        ),
        pytest.param(
            settings_at_import,
            "surfaces/data_api/planted.py",
            '"""Data."""\n\nfrom kryptos.infra.settings import read_settings\n\nPORT = read_settings().port\n',
            "data_api/planted.py:5: kryptos.infra.settings.read_settings() runs at import",
            id="settings-at-import",
        ),
        pytest.param(
            banned_name,
            "domains/grants/token_utils.py",
            '"""Tokens."""\n',
            "domains/grants/token_utils.py:1: the name 'token_utils' says nothing",
            id="name-that-says-nothing",
        ),
        pytest.param(
            too_long,
            "domains/grants/planted.py",
            '"""Grants."""\n' + "A = 1\n" * 400,
            "domains/grants/planted.py:401: 401 lines, more than 400",
            id="file-too-long",
        ),
        pytest.param(
            missing_purpose,
            "domains/grants/planted.py",
            "ANSWER = 42\n",
            "domains/grants/planted.py:1: has no purpose line",
            id="no-purpose-line",
        ),
    ],
)
def test_source_check_reports(
    copy: Path, plant: Plant, check: Check, name: str, text: str, said_so: str
) -> None:
    plant(name, text)
    reported = [finding for finding in findings(copy, check) if f"kryptos/{name}:" in finding]
    assert len(reported) == 1, reported
    assert said_so in reported[0]


@pytest.mark.parametrize(
    ("ci", "expected"), [("true", pytest.ExitCode.TESTS_FAILED), ("", pytest.ExitCode.OK)]
)
def test_skipped_test_fails_the_session_in_ci(tmp_path: Path, ci: str, expected: pytest.ExitCode) -> None:
    shutil.copy(REPOSITORY / "backend/tests/conftest.py", tmp_path)
    planted = 'import pytest\n\n\n@pytest.mark.skip(reason="no moon tonight")\ndef test_moon() -> None: ...\n'
    (tmp_path / "test_planted.py").write_text(planted, encoding="utf-8")
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "no:cacheprovider",
            "-c",
            os.devnull,
            "--rootdir",
            tmp_path,
            tmp_path,
        ],
        cwd=REPOSITORY / "backend",  # where the plugins named by conftest.py are found
        env={**os.environ, "CI": ci, "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == expected, run.stdout + run.stderr
    assert ("test_planted.py::test_moon: Skipped: no moon tonight" in run.stdout) == bool(ci)

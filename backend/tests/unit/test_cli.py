"""The command line: quick help, clients kept from a terminal, errors of one line, and a doctor that speaks in words."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kryptos.entrypoints.cli import app
from kryptos.infra.migrations import head_revision
from kryptos.infra.settings import Settings, load_settings
from kryptos.kernel.errors import KryptosError
from kryptos.surfaces.cli import findings, transaction
from kryptos.surfaces.cli.database_findings import DatabaseFacts, judge
from tests.support.processes import environment

NOW = datetime(2030, 1, 1, tzinfo=UTC)


def kryptos(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kryptos.entrypoints.cli", *words],
        env=environment(**settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


class Terminal:
    """Commands on an installation with a migrated database of its own, run in this process: quicker by seconds."""

    def __init__(self, **settings: str) -> None:
        self.settings = settings

    def type(self, *words: str) -> Result:
        return CliRunner().invoke(app, words, env=environment(**self.settings))

    def json(self, *words: str) -> Any:
        done = self.type(*words, "--json")
        assert done.exit_code == 0, done.exception
        return json.loads(done.stdout)


@pytest.fixture
def terminal(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setattr(
        transaction, "configure_logging", lambda _settings: None
    )  # it is the process's, not ours
    return Terminal(data_dir=str(tmp_path / "var"), database_url=database_url)


def test_help_loads_no_machinery() -> None:
    program = "import sys, kryptos.entrypoints.cli; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    packages = {name.partition(".")[0] for name in loaded.stdout.split()}
    assert not packages & {"sqlalchemy", "asyncpg", "alembic", "litestar", "granian", "structlog"}
    done = kryptos("--help", port="not a number")  # wrong settings do not keep anyone from reading it
    assert done.returncode == 0
    for command in ("serve", "worker", "demo", "migrate", "doctor", "client"):
        assert command in done.stdout


def test_wrong_setting_is_one_line(tmp_path: Path) -> None:
    done = kryptos("client", "list", port="70000", data_dir=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "KRYPTOS_PORT" in done.stderr


@pytest.mark.parametrize("words", [("client", "list"), ("migrate",)])
def test_unreachable_database_is_one_line(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = kryptos(
        *words, data_dir=str(tmp_path), database_url="postgresql://x@127.0.0.1:1/x", log_level="error"
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "KRYPTOS_DATABASE_URL" in done.stderr


def test_client_needs_a_migrated_database(tmp_path: Path, empty_database_url: str) -> None:
    settings = {"data_dir": str(tmp_path), "database_url": empty_database_url}
    refused = kryptos("client", "list", **settings)
    assert refused.returncode == 1
    assert "kryptos migrate" in refused.stderr
    migrated = kryptos("migrate", **settings)
    assert migrated.returncode == 0, migrated.stderr
    assert f"is at {head_revision()} now (before: empty)" in migrated.stdout
    assert "already" in kryptos("migrate", **settings).stdout
    assert "no client yet" in kryptos("client", "list", **settings).stdout


def test_embedded_database_is_made_and_migrated_on_first_use(tmp_path: Path) -> None:
    settings = {"data_dir": str(tmp_path / "var")}
    created = kryptos("client", "create", "Shop", "--json", **settings)
    assert created.returncode == 0, created.stderr
    listed = kryptos("client", "list", **settings)
    assert json.loads(created.stdout)["client_id"] in listed.stdout


def test_tokens_are_cut_after_asking_and_what_follows_is_told(terminal: Terminal) -> None:
    client_id = terminal.json("client", "create", "Shop")["client_id"]
    unsure = terminal.type("client", "cut-tokens", client_id)  # nobody answers
    assert unsure.exit_code == 1
    assert "Shop" in unsure.stderr
    assert "0 active grants" in unsure.stderr
    sure = terminal.type("client", "cut-tokens", client_id, "--yes")
    assert sure.exit_code == 0, sure.output
    assert f"kryptos client rotate {client_id} --drop-old" in sure.stdout
    assert "INVALID_TOKEN" in sure.stdout
    told = terminal.json("client", "cut-tokens", client_id, "--yes")
    assert (told["client_id"], told["active_grants"]) == (client_id, 0)
    assert datetime.fromisoformat(told["tokens_cut_at"]).tzinfo is not None
    assert terminal.type("client", "cut-tokens", "client_unknown", "--yes").exit_code == 1


def test_a_client_from_creation_to_suspension(terminal: Terminal) -> None:
    uri, origin = "https://shop.example/back", "https://shop.example"
    client = terminal.json("client", "create", "Shop", "--redirect-uri", uri, "--allowed-origin", origin)
    client_id = client["client_id"]
    assert client["client_secret"].startswith("secret_")
    assert client["mode"] == "sandbox"
    [first] = terminal.json("client", "list")
    assert "client_secret" not in first
    assert (first["redirect_uris"], first["allowed_origins"]) == ([uri], [origin])

    assert terminal.json("client", "set-mode", client_id, "production")["mode"] == "production"
    assert terminal.json("client", "suspend", client_id)["is_suspended"] is True
    update = (
        "client",
        "update",
        client_id,
        "--name",
        "Shop 2",
        "--no-redirect-uris",
        "--require-client-headers",
    )
    assert "suspended" in terminal.type(*update).stdout
    [second] = terminal.json("client", "list")
    assert (second["name"], second["mode"], second["is_suspended"]) == ("Shop 2", "production", True)
    assert (second["redirect_uris"], second["allowed_origins"]) == ([], [origin])
    assert second["require_client_headers"] is True
    assert terminal.json("client", "resume", client_id)["is_suspended"] is False
    assert client_id in terminal.type("client", "list").stdout


def test_rotation_prints_the_new_secret_once(terminal: Terminal) -> None:
    client = terminal.json("client", "create", "Shop")
    rotated = terminal.json("client", "rotate", client["client_id"])
    assert rotated["client_id"] == client["client_id"]
    assert rotated["client_secret"] != client["client_secret"]
    assert "No earlier secret" in terminal.type("client", "rotate", client["client_id"], "--drop-old").stdout


def test_clients_of_one_workspace(terminal: Terminal) -> None:
    first = terminal.json("client", "create", "Shop")
    second = terminal.json("client", "create", "Shop app", "--workspace", first["workspace_id"])
    assert second["workspace_id"] == first["workspace_id"]


@pytest.mark.parametrize(
    "words",
    [
        ("client", "suspend", "client_unknown"),
        ("client", "create", "Shop", "--scopes", "everything"),
        ("client", "create", "Shop", "--redirect-uri", "nonsense"),
    ],
)
def test_refusals_say_what_to_do(terminal: Terminal, words: tuple[str, ...]) -> None:
    done = terminal.type(*words)
    assert isinstance(done.exception, KryptosError)
    assert "\n" not in done.exception.message
    assert not terminal.json("client", "list")


class TestDoctor:
    def test_all_is_well(self, terminal: Terminal) -> None:
        pepper = "1:" + "0f" * 32
        done = kryptos(
            "doctor", pepper=pepper, smtp_url="smtp://mail.example", port="45871", **terminal.settings
        )
        assert done.returncode == 0, done.stdout
        [worker] = [line for line in done.stdout.splitlines() if not line.startswith("ok ")]
        assert "no worker is at work" in worker  # and none is

    def test_fresh_installation_is_well_and_stays_untouched(self, tmp_path: Path) -> None:
        done = kryptos("doctor", data_dir=str(tmp_path / "var"), port="45871")
        assert done.returncode == 0, done.stdout
        assert "warning  no KRYPTOS_SMTP_URL" in done.stdout
        assert not (tmp_path / "var").exists()

    def test_everything_is_wrong(self, tmp_path: Path, empty_database_url: str) -> None:
        secret = tmp_path / "secrets" / "pepper"
        secret.parent.mkdir(mode=0o755)
        secret.write_text("nonsense")
        secret.chmod(0o644)
        tmp_path.chmod(0o777)
        done = kryptos(
            "doctor",
            data_dir=str(tmp_path),
            database_url=empty_database_url,
            environment="production",
            public_url="https://connect.example",
            mailbox="true",
            trusted_proxies="10.0.0.0/8, proxy",
            pubic_url="https://connect.example",
        )
        assert done.returncode == 1
        wrong = [line for line in done.stdout.splitlines() if line.startswith("wrong ")]
        for words in (
            "KRYPTOS_PUBIC_URL",
            "chmod go-w",
            f"others can read {secret.parent}:",
            f"others can read {secret}:",
            "KRYPTOS_MAILBOX",
            "'proxy'",
            "kryptos migrate",
        ):
            assert any(words in line for line in wrong), (words, done.stdout)
        assert "KRYPTOS_PEPPER is not set" in done.stdout

    def test_wrong_settings_end_the_examination(self, tmp_path: Path) -> None:
        done = kryptos("doctor", data_dir=str(tmp_path), environment="production")
        assert done.returncode == 1
        assert "KRYPTOS_PUBLIC_URL" in done.stdout

    def test_unreachable_database(self, tmp_path: Path) -> None:
        done = kryptos("doctor", data_dir=str(tmp_path), database_url="postgresql://x@127.0.0.1:1/x")
        assert done.returncode == 1
        assert "cannot be reached" in done.stdout

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"version_number": 140009}, "wrong the database is PostgreSQL 14"),
            ({"max_connections": 20}, "warning web and worker on this machine may open 24 connections"),
            ({"revision": "9999"}, "wrong the schema is at 9999, newer"),
            ({"clock": NOW + timedelta(seconds=7)}, "wrong the database's clock is 7 s ahead of"),
            ({"clock": NOW - timedelta(seconds=7)}, "wrong the database's clock is 7 s behind"),
            ({"worker_seen_at": None}, "warning no worker is at work"),
            ({"worker_seen_at": NOW - timedelta(minutes=2)}, "warning no worker is at work"),
            (
                {"worker_seen_at": NOW - timedelta(hours=3)},
                "warning no worker is at work (silent for 3 hours)",
            ),
            ({"backed_up_at": None}, "warning no backup is known"),
            ({"backed_up_at": None, "has_people": False}, "ok no backup is known, and nobody is there yet"),
            ({"backed_up_at": NOW - timedelta(days=2)}, "warning the newest backup is 2 days old"),
            ({"dead_jobs": 3}, "warning 3 jobs were given up"),
            ({"erasing_since": NOW - timedelta(hours=2)}, "warning somebody has waited 2 hours to be erased"),
            ({"erasing_since": NOW - timedelta(minutes=2)}, "ok no job was given up"),
            ({"unscrubbed": 1}, "warning 1 erasures are done, but"),
            ({"clock": NOW + timedelta(seconds=4)}, "ok this machine's clock and the database's agree"),
        ],
    )
    def test_verdicts_about_the_database(self, change: dict[str, object], words: str) -> None:
        well = DatabaseFacts(
            version_number=180006,
            max_connections=100,
            revision=head_revision(),
            clock=NOW,
            asked_at=NOW,
            answered_at=NOW,
            worker_seen_at=NOW,
            has_people=True,
            backed_up_at=NOW,
            dead_jobs=0,
            erasing_since=None,
            unscrubbed=0,
        )
        settings = Settings(database_url="postgresql://db/x")
        assert {finding.verdict.value for finding in judge(well, settings)} == {"ok"}
        facts = replace(well, **change)  # type: ignore[arg-type]
        said = [f"{finding.verdict.value} {finding.text}" for finding in judge(facts, settings)]
        assert any(line.startswith(words) for line in said), said


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (Settings(metrics_token="x"), "KRYPTOS_WORKER_METRICS_PORT is not"),
        (Settings(worker_metrics_port=4401, worker_metrics_host="0.0.0.0"), "to this machine alone"),  # noqa: S104
        (Settings(metrics_token="x", worker_metrics_port=4401), ""),
        (Settings(), ""),
    ],
)
def test_a_worker_that_nobody_sees_is_told(settings: Settings, words: str) -> None:
    said = [finding.text for finding in findings.examine_metrics(settings)]
    assert any(words in text for text in said) if words else not said


@pytest.mark.parametrize(("free", "verdict"), [(10**8, "wrong"), (10**9, "warning"), (10**11, "ok")])
def test_room_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, verdict: str) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=free))
    [found] = findings.examine_disk(Settings(data_dir=tmp_path / "not" / "there"))
    assert found.verdict.value == verdict


def test_settings_of_this_session_do_not_reach_the_tests() -> None:
    assert load_settings() == Settings()
    assert not [name for name in os.environ if name.startswith("KRYPTOS_")]


def test_people_are_invited_suspended_and_resumed(terminal: Terminal) -> None:
    assert "ann@example.com may sign in" in terminal.type("user", "invite", "Ann@Example.com").stdout.lower()
    for refused in (
        ("user", "invite", "nobody"),
        ("user", "suspend", "user_unknown"),
        ("user", "resume", "user_unknown"),
    ):
        assert isinstance(terminal.type(*refused).exception, KryptosError)


def test_the_audit_log_is_verified_from_a_terminal(terminal: Terminal) -> None:
    terminal.json("client", "create", "Shop")
    assert terminal.type("verify-audit").exit_code == 0


def test_a_client_needs_a_workspace_that_exists(terminal: Terminal) -> None:
    refused = terminal.type("client", "create", "Shop", "--workspace", "ws_unknown")
    assert isinstance(refused.exception, KryptosError)
    assert terminal.json("client", "list") == []

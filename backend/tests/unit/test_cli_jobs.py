"""``kryptos job``: what was given up is shown, tried again, or dropped, all named jobs or none."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from kryptos.surfaces.cli import transaction
from tests.support.queue import query
from tests.unit.test_cli import Terminal, kryptos

BURY = """
INSERT INTO jobs (id, name, payload, state, created_at, run_at, starts, max_starts, died_at, error)
VALUES ($1, $2, '{"challenge_id": "sic_1"}', 'dead', now(), now(), $3, $3, now(), 'SmtpAway(421)')
"""


@pytest.fixture
def terminal(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setattr(transaction, "configure_logging", lambda _settings: None)

    async def bury() -> None:
        connection = await asyncpg.connect(database_url)
        for job_id, name, starts in (
            ("job_1", "prune", 8),
            ("job_2", "send_sign_in_code", 6),
            ("job_3", "event:identity.sign_in_code_requested", 0),
        ):
            await connection.execute(BURY, job_id, name, starts)
        await connection.close()

    with asyncio.Runner() as runner:
        runner.run(bury())
    return Terminal(data_dir=str(tmp_path / "var"), database_url=database_url)


def states(terminal: Terminal) -> dict[str, str]:
    with asyncio.Runner() as runner:
        rows = runner.run(query(terminal.settings["database_url"], "SELECT id, state FROM jobs"))
    return {row["id"]: row["state"] for row in rows}


def test_dead_jobs_are_listed_with_why(terminal: Terminal) -> None:
    listed = terminal.json("job", "list")
    assert {job["job_id"] for job in listed} == {"job_1", "job_2", "job_3"}
    assert listed[0]["payload"] == {"challenge_id": "sic_1"}
    assert "SmtpAway(421)" in terminal.type("job", "list").stdout
    assert len(terminal.json("job", "list", "--limit", "1")) == 1


def test_one_is_revived_and_one_dropped(terminal: Terminal) -> None:
    assert terminal.json("job", "revive", "job_2") == {"job_ids": ["job_2"]}
    assert "1 dead jobs are deleted" in terminal.type("job", "drop", "job_1").stdout
    assert states(terminal) == {"job_2": "waiting", "job_3": "dead"}


def test_an_event_goes_back_to_the_outbox(terminal: Terminal) -> None:
    terminal.json("job", "revive", "job_3")
    with asyncio.Runner() as runner:
        [event] = runner.run(query(terminal.settings["database_url"], "SELECT name, payload FROM outbox"))
    assert event["name"] == "identity.sign_in_code_requested"
    assert event["payload"] == b'{"challenge_id": "sic_1"}'
    assert "job_3" not in states(terminal)


def test_all_of_a_name_or_all(terminal: Terminal) -> None:
    assert terminal.json("job", "drop", "--name", "prune") == {"job_ids": ["job_1"]}
    assert sorted(terminal.json("job", "drop", "--all")["job_ids"]) == ["job_2", "job_3"]
    assert terminal.json("job", "list") == []
    assert "No job was given up" in terminal.type("job", "list").stdout
    assert "No job was given up" in terminal.type("job", "revive", "--all").stdout


def test_one_unknown_id_changes_nothing(terminal: Terminal) -> None:
    done = terminal.type("job", "drop", "job_1", "job_x")
    assert "job_x" in str(done.exception)
    assert states(terminal)["job_1"] == "dead"
    assert "no_such_name" in str(terminal.type("job", "revive", "--name", "no_such_name").exception)


def test_which_jobs_must_be_said(tmp_path: Path) -> None:
    for words in (("job", "drop"), ("job", "drop", "job_1", "--all")):
        done = kryptos(*words, data_dir=str(tmp_path / "var"))
        assert done.returncode == 2
        assert "--all" in done.stderr
        assert not (tmp_path / "var").exists()

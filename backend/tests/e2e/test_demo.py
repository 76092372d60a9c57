"""``kryptos demo``: ready with what it prints and writes, gone without a trace, and there again with the same data."""

import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kryptos.infra.postgres import Cluster
from tests.support.demo import KRYPTOS, running
from tests.support.ports import free_port
from tests.support.processes import (
    environment,
    processes_mentioning,
    python,
    wait_until,
)


@pytest.fixture
def directory() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="kryptos-test-")) / "var"
    yield path
    shutil.rmtree(path.parent)


@pytest.fixture(scope="module")
def kept(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A demo's data directory that several tests start from; each works on a copy."""
    path = Path(tempfile.mkdtemp(prefix="kryptos-test-")) / "var"
    with running(path, free_port()):
        pass
    yield path
    shutil.rmtree(path.parent)


@pytest.fixture
def copy(kept: Path, directory: Path) -> Path:
    shutil.copytree(kept, directory, symlinks=True)
    return directory


def facts_of(directory: Path) -> dict[str, str]:
    facts: dict[str, str] = json.loads((directory / "demo.json").read_text())
    return facts


def call(facts: dict[str, str], path: str) -> Any:
    headers = {
        "Authorization": f"Bearer {facts['access_token']}",
        "X-Client-Id": facts["client_id"],
        "X-Client-Secret": facts["client_secret"],
    }
    request = urllib.request.Request(facts["base_url"] + path, headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read())


def reset(directory: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", KRYPTOS, "demo", "--reset"],
        env=environment(data_dir=str(directory)),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_prints_curl_lines_that_work_and_writes_the_facts(directory: Path) -> None:
    port = free_port()
    with running(directory, port) as demo:
        facts = facts_of(directory)
        assert facts.keys() == {
            "base_url",
            "client_id",
            "client_secret",
            "workspace_id",
            "access_token",
            "grant_id",
        }
        assert facts["base_url"] == f"http://127.0.0.1:{port}"
        assert (directory / "demo.json").stat().st_mode & 0o777 == 0o600
        text = "".join(demo.printed)
        assert facts["client_id"] in text
        assert facts["client_secret"] in text
        assert "\x1b" not in text
        lines = [line.strip() for line in demo.printed if line.strip().startswith("curl ")]
        assert len(lines) == 6
        for line in lines:
            words = shlex.split(line)
            answer = subprocess.run([*words, "-f"], capture_output=True, text=True, check=False, timeout=30)
            assert answer.returncode == 0, (line, answer.stderr)
            assert json.loads(answer.stdout)
        for page in ("/docs", "/mailbox"):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{page}", timeout=10) as answer_page:
                assert answer_page.status == 200
        assert call(facts, "/token/grants")["data"]["grants"][0]["grant_id"] == facts["grant_id"]


@pytest.mark.parametrize("wanted", [signal.SIGINT, signal.SIGHUP])
def test_second_run_keeps_the_data_and_one_signal_stops_everything(
    copy: Path, wanted: signal.Signals
) -> None:
    before = facts_of(copy)
    with running(copy, free_port()) as demo:
        after = facts_of(copy)
        assert {**after, "base_url": ""} == {**before, "base_url": ""}
        assert call(after, "/token/grants")["data"]["count"] == 1
        demo.process.send_signal(wanted)
        assert demo.process.wait(30) == 0
    assert not processes_mentioning(str(copy))
    assert "shut down" in (copy / "postgres" / "postgres.log").read_text().splitlines()[-1]


def test_second_signal_forces_the_stop(copy: Path) -> None:
    with running(copy, free_port()) as demo:
        os.kill(demo.child("serve"), signal.SIGSTOP)
        demo.process.send_signal(signal.SIGINT)
        demo.read_until("Stopping")
        demo.process.send_signal(signal.SIGINT)
        assert demo.process.wait(15) == 0


def test_kill_leaves_no_process(copy: Path) -> None:
    with running(copy, free_port()) as demo:
        demo.process.kill()
        demo.process.wait()
    wait_until(lambda: not processes_mentioning(str(copy)), what="postgres is gone too")


def test_revoked_person_is_replaced_and_the_client_kept(copy: Path) -> None:
    before = facts_of(copy)
    with running(copy, free_port()):
        facts = facts_of(copy)
        headers = {"X-Client-Id": facts["client_id"], "X-Client-Secret": facts["client_secret"]}
        body = json.dumps({"grant_id": facts["grant_id"]}).encode()
        revoke = urllib.request.Request(
            facts["base_url"] + "/token/revoke", body, {**headers, "Content-Type": "application/json"}
        )
        urllib.request.urlopen(revoke, timeout=10).close()
        with pytest.raises(urllib.error.HTTPError, match="401"):
            call(facts, "/api/v1/userinfo")
    with running(copy, free_port()):
        after = facts_of(copy)
        assert after["client_id"] == before["client_id"]
        assert after["grant_id"] != before["grant_id"]
        assert call(after, "/api/v1/userinfo")


@pytest.mark.parametrize(("command", "name"), [("serve", "web"), ("worker", "worker")])
def test_child_that_dies_is_named_and_stops_everything(copy: Path, command: str, name: str) -> None:
    with running(copy, free_port()) as demo:
        os.kill(demo.child(command), signal.SIGKILL)
        _, errors = demo.process.communicate(timeout=60)
        assert demo.process.returncode == 1
        assert f"The {name} process ended by SIGKILL" in errors
        assert f"{name}.log" in errors
        assert "Traceback" not in errors
    assert not processes_mentioning(str(copy))


def test_dead_postgres_is_named_and_its_data_is_there_again(copy: Path) -> None:
    before = facts_of(copy)
    with running(copy, free_port()) as demo:
        postmaster = int((copy / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        _, errors = demo.process.communicate(timeout=60)
        assert demo.process.returncode == 1
        assert "PostgreSQL ended" in errors
    with running(copy, free_port()):
        assert facts_of(copy)["grant_id"] == before["grant_id"]


def test_taken_port_is_an_error_before_anything_is_started(directory: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with python(KRYPTOS, "demo", data_dir=str(directory), port=str(port)) as process:
            _, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert f"Port {port}" in errors
    assert "KRYPTOS_PORT" in errors
    assert "Traceback" not in errors
    assert not directory.exists()


def test_other_commands_join_the_running_demo(copy: Path) -> None:
    with running(copy, free_port()):
        listed = subprocess.run(
            [sys.executable, "-m", KRYPTOS, "client", "list", "--json"],
            env=environment(data_dir=str(copy)),
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        assert [client["name"] for client in json.loads(listed.stdout)] == ["Demo app"]
        refused = reset(copy)
        assert refused.returncode == 1
        assert "kryptos demo" in refused.stderr
        assert facts_of(copy)


def test_reset_deletes_what_the_demo_made_and_nothing_else(copy: Path) -> None:
    (copy / "notes.txt").write_text("mine")
    done = reset(copy)
    assert done.returncode == 0, done.stderr
    assert str(copy) in done.stdout
    assert [path.name for path in copy.iterdir()] == ["notes.txt"]
    (copy / "notes.txt").unlink()
    assert "Nothing to delete" in reset(copy).stdout


def test_reset_refuses_a_directory_that_is_not_a_demo(directory: Path) -> None:
    with Cluster(directory / "postgres"):
        pass
    refused = reset(directory)
    assert refused.returncode == 1
    assert "nothing was deleted" in refused.stderr
    assert (directory / "postgres" / "data").exists()

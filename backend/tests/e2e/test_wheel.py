"""The wheel in an environment of its own, outside the repository: complete, and the whole product from one command."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.support.demo import Demo
from tests.support.ports import free_port
from tests.support.processes import descendants_of, is_running, processes_mentioning, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]  # it installs packages, perhaps over a slow network

REPOSITORY = Path(__file__).parents[3]
UV = REPOSITORY / ".tools" / "bin" / "uv"
PINNED = re.compile(r"^[A-Za-z0-9._-]+(\[[^\]]*\])?==[^\\\n]+", re.MULTILINE)
"""A package in requirements.lock without its hashes: pip would demand one of the wheel too."""


class Machine:
    """A directory that stands for somebody's machine: nothing in it knows the repository."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.home = directory / "home"
        self.home.mkdir()
        self.bin = directory / "venv" / "bin"

    def variables(self, **settings: str) -> dict[str, str]:
        """Return an environment in which only the installed command and the system are found."""
        mine = {f"KRYPTOS_{name.upper()}": value for name, value in settings.items()}
        return {"HOME": str(self.home), "PATH": f"{self.bin}:/usr/local/bin:/usr/bin:/bin", **mine}

    def run(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            words,
            cwd=self.home,
            env=self.variables(**settings),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )


@pytest.fixture(scope="module")
def directory() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="kryptos-wheel-"))
    yield path
    wait_until(lambda: not processes_mentioning(str(path)), what=f"no process is left that uses {path}")
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def wheel(directory: Path) -> Path:
    """The wheel, built from what is in the repository now."""
    hatchling = Path(sys.executable).with_name("hatchling")
    done = subprocess.run(
        [hatchling, "build", "-t", "wheel", "-d", directory / "dist"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (built,) = (directory / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def machine(directory: Path, wheel: Path) -> Machine:
    """A machine with the wheel installed, and the versions that were tested with it."""
    constraints = directory / "constraints.txt"
    locked = (REPOSITORY / "requirements.lock").read_text()
    constraints.write_text("\n".join(found[0].strip() for found in PINNED.finditer(locked)) + "\n")
    venv = directory / "venv"
    python = venv / "bin" / "python"
    if UV.exists():
        make: list[str | Path] = [UV, "venv", "--python", sys.executable, venv]
        install: list[str | Path] = [UV, "--system-certs", "pip", "install", "--python", python]
    else:
        make = [sys.executable, "-m", "venv", venv]
        install = [python, "-m", "pip", "install", "--disable-pip-version-check"]
    for command in (make, [*install, "--constraint", constraints, wheel]):
        done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return Machine(directory)


def test_holds_everything_that_runs_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    source = REPOSITORY / "backend" / "src"
    kept = {
        str(path.relative_to(source))
        for path in (source / "kryptos").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {
        "kryptos/infra/migrations/versions/0001_first_schema.py",
        "kryptos/infra/migrations/env.py",
        "kryptos/surfaces/worker/mail_texts.json",
        "kryptos/catalog/providers.py",
    } <= kept
    assert any(name.startswith("kryptos/catalog/data/") for name in kept)
    for surface in ("widget_page", "account_page"):
        built = {name for name in names if name.startswith(f"kryptos/surfaces/{surface}/assets/")}
        assert any(name.endswith("/index.html") for name in built), "run `make widget` first"
        assert {Path(name).suffix for name in built} >= {".html", ".js", ".css"}
    assert {name for name in names if not name.split("/")[0].endswith(".dist-info")} == kept
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def open_widget(facts: dict[str, str]) -> list[str]:
    """Open the frame as an app's page would and everything that it names; return what those files are."""
    address = f"{facts['base_url']}/connect?v=1&origin=http://localhost:4500&client_id={facts['client_id']}"
    with urlopen(address) as page:
        html = page.read().decode()
        assert "frame-ancestors http://localhost:4500" in page.headers["Content-Security-Policy"]
    assert '<html lang="en" data-kc-theme="light">' in html
    kinds = []
    for name in re.findall(r'(?:src|href)="(/connect/assets/[^"]+)"', html):
        with urlopen(facts["base_url"] + name) as file:
            kinds.append(file.headers["Content-Type"])
            assert file.read()
    assert "text/javascript; charset=utf-8" in kinds
    return kinds


def test_demo_of_the_wheel(machine: Machine) -> None:
    """Help, the demo up to what it prints, every printed line in a shell, Ctrl-C, and a doctor who finds no fault."""
    told = machine.run("kryptos", "--help")
    assert told.returncode == 0, told.stderr
    assert "demo" in told.stdout

    settings = {"port": str(free_port()), "data_dir": str(machine.directory / "data")}
    with subprocess.Popen(
        ["kryptos", "demo"],
        executable=machine.bin / "kryptos",
        cwd=machine.home,
        env=machine.variables(**settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        demo = Demo(process)
        try:
            demo.read_until("Ctrl-C stops everything")
            family = descendants_of(process.pid)
            lines = [line.strip() for line in demo.printed if line.strip().startswith("curl ")]
            answers = [machine.run("bash", "-c", line) for line in lines]
            while_running = machine.run("kryptos", "doctor", **settings)
            widget = open_widget(json.loads((machine.directory / "data" / "demo.json").read_text()))
            os.killpg(process.pid, signal.SIGINT)  # what a terminal does on Ctrl-C
            output, errors = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0, errors
    assert "The data is kept" in output
    assert not errors
    wait_until(lambda: not any(map(is_running, family)), what="the demo's processes are gone")

    assert [answer.returncode for answer in answers] == [0] * 6, answers
    health, userinfo, holdings, transactions, grants, link = (json.loads(answer.stdout) for answer in answers)
    facts = json.loads((machine.directory / "data" / "demo.json").read_text())
    assert health["status"] == "OK"
    assert userinfo["userInfo"]["sub"]
    assert {"ETH", "SOL"} <= {holding["asset"]["symbol"] for holding in holdings["holdings"]}
    assert transactions["pagination"]["returned_count"] == 2
    assert [grant["grant_id"] for grant in grants["data"]["grants"]] == [facts["grant_id"]]
    assert link["data"]["link_token"].startswith("link_")

    assert widget
    assert while_running.returncode == 0, while_running.stdout
    after = machine.run("kryptos", "doctor", **settings)
    assert after.returncode == 0, after.stdout + after.stderr
    for verdicts in (while_running.stdout, after.stdout):
        assert "wrong" not in verdicts
        assert "schema" in verdicts
        assert "PostgreSQL" in verdicts
    assert not list(machine.home.iterdir()), "nothing was left in the directory that it was started in"

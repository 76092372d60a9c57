"""``python3 -m tools.newcomer``: clone, run every block of README.md as it stands, say how it went and where it stuck.

Nothing of this machine's own set-up is used but what makes pip and npm find their registries. Needs git, bash, and what
the README asks for. What is not committed is not in the clone.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tools.newcomer.outcomes import look_at, require_current
from tools.newcomer.page import Block, read_blocks
from tools.newcomer.shell import Running, Shell, Step, run_alone

ROOT = Path(__file__).parents[2]
REGISTRIES = ("PIP_", "UV_", "NPM_CONFIG_", "NODE_EXTRA_CA_CERTS", "SSL_CERT_", "REQUESTS_CA_BUNDLE")
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
CONFIGURED = {"PIP_CONFIG_FILE": ".config/pip/pip.conf", "NPM_CONFIG_USERCONFIG": ".npmrc"}
READY = "Ctrl-C stops everything"


def main() -> int:
    """Play the newcomer and return the exit status."""
    parser = argparse.ArgumentParser(prog="python3 -m tools.newcomer", description=__doc__)
    parser.add_argument("--without-long", action="store_true", help="leave out the blocks that take minutes")
    parser.add_argument("--keep", action="store_true", help="keep the clone")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="kryptos-newcomer-"))
    try:
        return Newcomer(folder, with_long=not given.without_long).go()
    finally:
        if given.keep:
            print(f"Kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


class Newcomer:
    """Somebody with an empty home and a clone, who pastes what the README says."""

    def __init__(self, folder: Path, *, with_long: bool) -> None:
        self._clone, home = folder / "kryptos", folder / "home"
        home.mkdir()
        self._environment = bare_environment(home)
        self._with_long = with_long
        self._steps: list[Step] = []
        self._running: Running | None = None
        self._shell: Shell | None = None

    def go(self) -> int:
        """Do everything; return 0 if a newcomer gets through."""
        began = time.monotonic()
        try:
            self._do(
                "git clone", lambda: run_alone(f"git clone -q {ROOT} {self._clone}", ROOT, self._environment)
            )
            blocks = read_blocks(self._clone / "README.md")
            require_current(blocks)
            for block in blocks:
                if not self._take(block):
                    break
        finally:
            self._end()
        return tell(self._steps, time.monotonic() - began)

    def _take(self, block: Block) -> bool:
        """Do what a block says; say whether to go on."""
        if block.title == "example" or (block.title == "long" and not self._with_long):
            self._steps.append(Step(block.words, 0.0, "left out", ""))
            return True
        if block.title == "run":
            return self._do(block.words, lambda: self._start(block), block)
        if block.title in {"stopped", "long"}:
            self._end()
            return self._do(block.words, lambda: run_alone(block.text, self._clone, self._environment), block)
        self._shell = self._shell or Shell(self._clone, self._environment)
        shell = self._shell
        return self._do(block.words, lambda: shell.paste(block.text), block)

    def _start(self, block: Block) -> tuple[str, str]:
        self._running = Running(block.text, self._clone, self._environment)
        return self._running.wait_for(READY)

    def _do(self, words: str, act: Callable[[], tuple[str, str]], block: Block | None = None) -> bool:
        print(f"… {words}", flush=True)
        began = time.monotonic()
        problem, output = act()
        problem = problem or look_at(block, output)
        self._steps.append(Step(words, time.monotonic() - began, problem, output))
        return not problem

    def _end(self) -> None:
        """Close the second terminal, and press Ctrl-C in the first."""
        if self._shell is not None:
            self._shell.close()
            self._shell = None
        if self._running is not None:
            running, self._running = self._running, None
            self._do("Ctrl-C", running.interrupt)


def bare_environment(home: Path) -> dict[str, str]:
    """Return what a login on a new machine has: a path, an empty home, and the machine's way to the registries."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name.startswith(REGISTRIES) or name.upper() in PROXIES
    }
    found = {name: Path.home() / place for name, place in CONFIGURED.items()}
    kept |= {name: str(path) for name, path in found.items() if path.exists()}
    return {**kept, "HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "dumb"}


def tell(steps: list[Step], seconds: float) -> int:
    """Print the protocol and return the exit status."""
    print("\nA newcomer's minutes\n")
    stuck = [step for step in steps if step.problem not in {"", "left out"}]
    for step in steps:
        outcome = "went well" if not step.problem else step.problem if step.problem == "left out" else "STUCK"
        print(f"  {step.seconds:7.1f} s  {outcome:<9}  {step.words}")
    print(f"  {seconds:7.1f} s  in all")
    for step in stuck:
        print(f"\nA newcomer stumbles over: {step.words}\n  {step.problem}\n")
        print("\n".join(f"    {line}" for line in step.output.splitlines()[-40:]))
    if not stuck:
        print("\nNothing to stumble over.")
    return int(bool(stuck))


if __name__ == "__main__":
    sys.exit(main())

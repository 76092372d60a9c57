"""The commands of README and guides, pasted unchanged and in order into one shell, against a running demo."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.demo import running
from tests.support.ports import free_port

REPOSITORY = Path(__file__).resolve().parents[3]
BLOCK = re.compile(r"^```bash\n(.*?)^```$", re.MULTILINE | re.DOTALL)
"""Blocks without a title; docs/README.md says what the titled ones are."""


@pytest.fixture(scope="module")
def directory() -> Iterator[Path]:
    """A directory in which a demo runs, as it does in a clone after ``make demo``."""
    path = Path(tempfile.mkdtemp(prefix="kryptos-test-"))
    try:
        with running(path / "var", free_port()):
            yield path
    finally:
        shutil.rmtree(path)


@pytest.mark.parametrize(
    ("page", "says"),
    [
        (
            "README.md",
            [
                '"status":"OK"',
                '"symbol":"ETH"',
                '"transactionPlatfromId":"0x',
                '"sub":"user_',
                "Grant revoked successfully",
                '"code":"INVALID_GRANT"',
            ],
        ),
        (
            "docs/connect.md",
            [
                '"status":"ONGOING"',
                '"access_token":"cat_',
                '"symbol":"SOL"',
                '"has_valid_session":true',
                '"public_token":null',
            ],
        ),
        (
            "docs/consent-centre.md",
            [
                "WIDGET_KEY_REQUIRED",
                "/account#manage=manage_",
                '"is_guest":true',
                '"grants":[]',
                '"connections":[]',
                '"revoked":0',
                '"format":"kryptos-export"',
                "Signed out",
            ],
        ),
    ],
)
def test_a_page_does_what_it_says(page: str, says: list[str], directory: Path) -> None:
    blocks = BLOCK.findall((REPOSITORY / page).read_text())
    assert blocks
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(blocks)],
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    position = 0
    for words in says:
        position = done.stdout.find(words, position)
        assert position >= 0, f"{words} is not what {page} leads to:\n{done.stdout}"

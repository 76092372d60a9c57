"""The blocks of a page: what docs/README.md says their titles mean."""

import re
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r'^```bash(?: title="(?P<title>\w+)")?\n(?P<text>.*?)^```$', re.MULTILINE | re.DOTALL)
_WIDTH = 60


@dataclass(frozen=True)
class Block:
    """A block of commands, unchanged."""

    title: str | None
    text: str

    @property
    def words(self) -> str:
        """Its first line, as it is called in the protocol."""
        lines = self.text.strip().splitlines()
        more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
        return lines[0][:_WIDTH] + more


def read_blocks(page: Path) -> list[Block]:
    """Return every block of commands, in order."""
    return [Block(found["title"], found["text"]) for found in _BLOCK.finditer(page.read_text())]

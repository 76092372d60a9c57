"""What the played newcomer expects keeps step with the README."""

import pytest

from tests.architecture.source_tree import REPOSITORY
from tools.newcomer.outcomes import require_current
from tools.newcomer.page import Block, read_blocks


def test_something_is_expected_of_every_block_of_the_readme() -> None:
    require_current(read_blocks(REPOSITORY / "README.md"))


def test_a_block_of_which_nothing_is_expected_is_seen() -> None:
    blocks = [*read_blocks(REPOSITORY / "README.md"), Block(None, "echo something new\n")]
    with pytest.raises(ValueError, match="something new"):
        require_current(blocks)

"""Fixtures of the Solana family's tests: one story, lived once; each test looks at it through a node of its own."""

import pytest

from tests.providers.solana.node import Node
from tests.providers.solana.story import Story, tell_story


@pytest.fixture(scope="session")
def story() -> Story:
    """A life that is over: tests read it, and write nothing."""
    return tell_story()


@pytest.fixture
def node(story: Story) -> Node:
    """A node that knows all of it."""
    return Node(story.cluster)

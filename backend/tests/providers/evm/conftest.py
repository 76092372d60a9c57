"""Fixtures of the EVM family's tests: a node of its own for each test that asks for one."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from tests.conftest import IN_CI
from tests.providers.evm.anvil import Anvil, anvil_binary, running_anvil
from tests.providers.evm.reading import CountingTransport


@pytest.fixture
def node() -> Iterator[Anvil]:
    """A real node with a chain that has nothing on it; in CI it must be there."""
    binary = anvil_binary()
    if binary is None:
        reason = "anvil is not installed: it comes with the npm workspace backend/tests/providers/evm"
        (pytest.fail if IN_CI else pytest.skip)(reason)
    with running_anvil(binary) as running:
        yield running


@pytest.fixture
async def wire() -> AsyncIterator[CountingTransport]:
    """The way to a real node, counted."""
    transport = CountingTransport(httpx.AsyncHTTPTransport())
    yield transport
    await transport.aclose()

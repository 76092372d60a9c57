"""Fixtures of the sync tests: an application whose time is the machine's, and a real Ethereum node."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from kryptos.kernel.clock import SystemClock
from tests.conftest import IN_CI
from tests.providers.evm.anvil import Anvil, anvil_binary, running_anvil
from tests.support.app import App, running_app
from tests.support.clock import ManualClock


@pytest_asyncio.fixture(loop_scope="session")
async def app_of_today(database_url: str) -> AsyncIterator[App]:
    """An application whose clock stands still where the machine's stood: a worker process finds its sessions alive."""
    async with running_app(database_url, clock=ManualClock(SystemClock().now())) as running:
        yield running


@pytest.fixture
def node() -> Iterator[Anvil]:
    """A real Ethereum node with a chain that has nothing on it; in CI it must be there."""
    binary = anvil_binary()
    if binary is None:
        reason = "anvil is not installed: it comes with the npm workspace backend/tests/providers/evm"
        (pytest.fail if IN_CI else pytest.skip)(reason)
    with running_anvil(binary) as running:
        yield running

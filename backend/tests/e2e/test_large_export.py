"""The export of a hundred thousand transactions: complete, and in little memory, from the command and over HTTP."""

import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from benchmarks.bulk import Bulk
from kryptos.infra.postgres import Cluster
from kryptos.infra.secrets import load_token_hasher
from kryptos.infra.settings import load_settings
from kryptos.kernel.clock import SystemClock
from tests.support.demo import KRYPTOS
from tests.support.installation import Installation, durable_cluster, installed

pytestmark = pytest.mark.slow

TRANSACTIONS = 100_000
MOST_KILOBYTES = 300 * 1024
BEGAN = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[Cluster]:
    with durable_cluster() as cluster:
        yield cluster


def legs_of(number: int) -> bytes:
    """Return the legs of a swap, as long as they are in life."""
    ether = {
        "id": "ethereum:native",
        "chain_id": "ethereum",
        "standard": "native",
        "symbol": "ETH",
        "name": "Ether",
    }
    usdc = {
        "id": "ethereum:0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48",
        "chain_id": "ethereum",
        "standard": "erc20",
        "contract": "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48",
        "symbol": "USDC",
        "name": "USD Coin",
        "decimals": 6,
        "token_id": "usd-coin",
    }
    other = "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2"
    return json.dumps(
        [
            {
                "key": "in",
                "direction": "incoming",
                "asset": ether,
                "quantity": f"0.{number:018d}",
                "counterparty": other,
            },
            {
                "key": "out",
                "direction": "outgoing",
                "asset": usdc,
                "quantity": f"{number}.25",
                "counterparty": other,
            },
            {"key": "fee", "direction": "fee", "asset": ether, "quantity": "0.000021"},
        ]
    ).encode()


async def seed(url: str, transactions: int = TRANSACTIONS) -> str:
    """Fill a database with one person of so many transactions, and return their id."""
    bulk = Bulk(BEGAN)
    user, workspace, wallet = bulk.new_id("user"), bulk.new_id("ws"), bulk.new_id("wallet")
    bulk.add("users", id=user, email="ada@example.com", language="en", created_at=BEGAN)
    bulk.add("workspaces", id=workspace, name="My Workspace", base_currency="USD", created_at=BEGAN)
    bulk.add("memberships", user_id=user, workspace_id=workspace, role="owner", created_at=BEGAN)
    bulk.add(
        "integrations",
        id=wallet,
        workspace_id=workspace,
        mode="production",
        user_id=user,
        provider="ethereum",
        category="blockchain",
        address="0x00000000219ab540356cBB839Cbe05303d7705Fa",
        chains=["ethereum"],
        status="completed",
        generation=0,
        total_transactions=transactions,
        failures=0,
        added_at=BEGAN,
    )
    for number in range(transactions):
        bulk.add(
            "transactions",
            id=f"trx_{number * 7919 % TRANSACTIONS:032x}",
            workspace_id=workspace,
            mode="production",
            integration_id=wallet,
            chain_id="ethereum",
            platform_id=f"0x{number:064x}",
            height=number,
            at=BEGAN + timedelta(minutes=number),
            label="Swap",
            type="trade",
            has_failed=False,
            is_spam=False,
            is_nft=False,
            is_manual=False,
            is_edited=False,
            is_missing_price=True,
            currencies=["ethereum:native"],
            legs=legs_of(number),
            legs_version=1,
            generation=0,
        )
    await bulk.write(url)
    return user


def assert_complete(file: Path) -> None:
    """Assert that the whole document is there, with every transaction once."""
    found = json.loads(file.read_bytes())
    assert found["counts"]["transactions"] == TRANSACTIONS == len(found["transactions"])
    assert [each["height"] for each in found["transactions"]] == list(range(TRANSACTIONS))
    assert found["transactions"][12345]["legs"][0]["quantity"] == "0.000000000000012345"


def peak_of(process: subprocess.Popen[bytes]) -> int:
    """Wait for a process, looking at the most memory that it ever had, and return that in kilobytes."""
    peak = 0
    while process.poll() is None:
        peak = max(peak, high_water(process.pid))
        time.sleep(0.02)
    return peak


def high_water(pid: int) -> int:
    """Return the most memory that a process ever had, in kilobytes; 0 when it has just ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) if found else 0


def test_a_hundred_thousand_transactions_by_the_command(own_cluster: Cluster, tmp_path: Path) -> None:
    with installed(own_cluster) as installation:
        with asyncio.Runner() as runner:
            user_id = runner.run(seed(installation.url))
        file = tmp_path / "export.json"
        command = [sys.executable, "-m", KRYPTOS, "user", "export", user_id, str(file)]
        process = subprocess.Popen(command, env=installation.variables())
        peak = peak_of(process)
        assert process.returncode == 0
        assert 20_000 < peak < MOST_KILOBYTES, f"{peak} kilobytes"
        assert file.stat().st_mode & 0o777 == 0o600
        assert_complete(file)


def sign_in(installation: Installation, user_id: str) -> str:
    """Sign the person in to the consent centre, and return the session's token."""
    token = "acc_" + "x" * 43
    now = SystemClock().now()
    hasher = load_token_hasher(load_settings(installation.variables()))
    installation.rows(
        "INSERT INTO account_sessions (id, user_id, token_hash, key_id, created_at, seen_at, expires_at)"
        " VALUES ('as_1', $1, $2, $3, $4, $4, $5)",
        user_id,
        hasher.hash(token),
        hasher.key_id,
        now,
        now + timedelta(days=1),
    )
    return token


def test_a_hundred_thousand_transactions_from_the_consent_centre(
    own_cluster: Cluster, tmp_path: Path
) -> None:
    with installed(own_cluster) as installation:
        with asyncio.Runner() as runner:
            user_id = runner.run(seed(installation.url))
        token, web, file = sign_in(installation, user_id), installation.serve(), tmp_path / "export.json"
        with (
            httpx.Client(base_url=web.base_url, cookies={"kryptos_account": token}, timeout=60) as browser,
            browser.stream("GET", "/account/api/export") as reply,
            file.open("wb") as output,
        ):
            assert reply.status_code == 200
            for piece in reply.iter_bytes():
                output.write(piece)
        peak = max(map(high_water, {web.pid, *web.family}))
        assert 20_000 < peak < MOST_KILOBYTES, f"{peak} kilobytes"
        assert_complete(file)

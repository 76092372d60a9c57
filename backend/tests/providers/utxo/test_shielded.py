"""Zcash and Dash, where value goes unseen: a fee is told where it can be known, and nothing is made up where it cannot.

Contract only where a transaction is shielded: its bytes are written here from the protocol specification (7.1) and
ZIP-225. That ``fees`` is what went in less what came out, whatever is shielded, is how Blockbook computes it.
"""

import hashlib
from dataclasses import dataclass

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kryptos.catalog.chains import get_chain
from kryptos.infra.http_client.upstream import Upstream
from kryptos.providers.chains.utxo import UtxoAdapter, chain_of_row
from kryptos.providers.chains.utxo.shielded import PoolFlow, pool_flow
from kryptos.providers.contracts import CouldNotLook, Direction, ProviderTransaction
from tests.providers.evm.reading import client_over

ZEC_OWN, ZEC_OTHER = "t1XVXWCvpMgBvUaed4XDqWtgQgJSu1Ghz7F", "t1aQ2b1XszNVo15BguYLbQGqETBL9QZA8Jq"
DASH_OWN, DASH_OTHER = "XoJA8qE3N2Y3jMLEtZ3vcN42qseZ8LvFf5", "XbctnEsgWTn5j1co3emZynemxSFPqkLRKZ"


# ---------------------------------------------------------------- transactions, byte by byte


def compact(number: int) -> bytes:
    if number < 0xFD:
        return bytes([number])
    return b"\xfd" + number.to_bytes(2, "little")


def transparent(inputs: int, outputs: int) -> bytes:
    script = b"\x51" * 300  # long enough for a count of more than one byte
    spent = (b"\x07" * 36 + compact(len(script)) + script + b"\xff" * 4) * inputs
    paid = (b"\x01" * 8 + compact(25) + b"\x76" * 25) * outputs
    return compact(inputs) + spent + compact(outputs) + paid


def signed(units: int) -> bytes:
    return units.to_bytes(8, "little", signed=True)


@dataclass(frozen=True)
class Shielded:
    """What a transaction has beside its transparent part; balances are what came out of the pool."""

    sprout: tuple[tuple[int, int], ...] = ()
    """What went in and what came out, by JoinSplit."""
    spends: int = 0
    outputs: int = 0
    sapling: int = 0
    actions: int = 0
    orchard: int = 0

    @property
    def flow(self) -> int:
        return sum(out - into for into, out in self.sprout) + self.sapling + self.orchard


def raw(version: int, inputs: int, outputs: int, part: Shielded) -> bytes:
    body = transparent(inputs, outputs)
    sprout = compact(len(part.sprout)) + b"".join(
        into.to_bytes(8, "little") + out.to_bytes(8, "little") + bytes((1698 if version == 4 else 1802) - 16)
        for into, out in part.sprout
    )
    keys = bytes(96) if part.sprout else b""
    header = (version | (1 << 31 if version > 2 else 0)).to_bytes(4, "little")
    if version == 1:
        return header + body + bytes(4)
    if version == 2:
        return header + body + bytes(4) + sprout + keys
    if version == 3:
        return header + bytes(4) + body + bytes(8) + sprout + keys
    sapling = (
        compact(part.spends) + bytes(384 * part.spends) + compact(part.outputs) + bytes(948 * part.outputs)
    )
    if version == 4:
        return header + bytes(4) + body + bytes(8) + signed(part.sapling) + sapling + sprout + keys
    sapling = (
        compact(part.spends) + bytes(96 * part.spends) + compact(part.outputs) + bytes(756 * part.outputs)
    )
    if part.spends or part.outputs:
        sapling += signed(part.sapling) + bytes(32 if part.spends else 0)
        sapling += bytes((192 + 64) * part.spends + 192 * part.outputs + 64)
    orchard = compact(part.actions) + bytes(820 * part.actions)
    if part.actions:
        orchard += b"\x03" + signed(part.orchard) + bytes(32 + 1 + 64 * part.actions + 64)
    return header + bytes(16) + body + sapling + orchard


amounts = st.integers(-(2**50), 2**50)
shielded = st.builds(
    lambda sprout, spends, outputs, sapling, actions, orchard: Shielded(
        sprout=tuple(sprout),
        spends=spends,
        outputs=outputs,
        sapling=sapling if spends or outputs else 0,
        actions=actions,
        orchard=orchard if actions else 0,
    ),
    sprout=st.lists(st.tuples(st.integers(0, 2**50), st.integers(0, 2**50)), max_size=2),
    spends=st.integers(0, 3),
    outputs=st.integers(0, 3),
    sapling=amounts,
    actions=st.integers(0, 3),
    orchard=amounts,
)


def possible(version: int, part: Shielded) -> Shielded:
    """Return what a version can hold of it."""
    has_sapling, has_orchard = version in {4, 5}, version == 5
    return Shielded(
        sprout=part.sprout if 2 <= version <= 4 else (),
        spends=part.spends if has_sapling else 0,
        outputs=part.outputs if has_sapling else 0,
        sapling=part.sapling if has_sapling else 0,
        actions=part.actions if has_orchard else 0,
        orchard=part.orchard if has_orchard else 0,
    )


@given(st.integers(1, 5), st.integers(0, 3), st.integers(0, 3), shielded)
def test_flow_is_read_from_every_version(version: int, inputs: int, outputs: int, part: Shielded) -> None:
    part = possible(version, part)
    is_shielded = part != Shielded()
    assert pool_flow(raw(version, inputs, outputs, part).hex()) == PoolFlow(
        part.flow, is_shielded, inputs, outputs
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "zz",
        "04",
        raw(4, 1, 2, Shielded())[:-1].hex(),
        (6 | 1 << 31).to_bytes(4, "little").hex() + "00" * 400,
        (7).to_bytes(4, "little").hex() + "00" * 400,
    ],
)
def test_bytes_of_no_known_form_tell_nothing(text: str) -> None:
    assert pool_flow(text) is None


# ---------------------------------------------------------------- what is told of them


def told(
    spent: list[tuple[str, int]],
    paid: list[tuple[str, int]],
    *,
    hex_: str | None = None,
    fees: int | None = None,
) -> dict[str, object]:
    """Return a transaction as Blockbook gives it; its fee is what Blockbook would compute, unless it is given."""
    difference = sum(units for _, units in spent) - sum(units for _, units in paid)
    inputs = [
        {"txid": f"{n:064x}", "n": n, "addresses": [address], "isAddress": True, "value": str(units)}
        for n, (address, units) in enumerate(spent)
    ]
    outputs = [
        {"n": n, "addresses": [address], "isAddress": True, "value": str(units)}
        for n, (address, units) in enumerate(paid)
    ]
    return {
        "txid": hashlib.sha256(f"{spent} {paid}".encode()).hexdigest(),
        "vin": inputs,
        "vout": outputs,
        "blockHash": "cd" * 32,
        "blockHeight": 5,
        "confirmations": 1,
        "blockTime": 1_600_000_000,
        "fees": str(max(0, difference) if fees is None else fees),
    } | ({} if hex_ is None else {"hex": hex_})


async def read(chain_id: str, address: str, transaction: dict[str, object]) -> ProviderTransaction:
    """Return what becomes of the only transaction of an address."""
    chain = chain_of_row(get_chain(chain_id))

    def answer(request: httpx.Request) -> httpx.Response:
        match request.url.path.strip("/").split("/")[2:]:
            case []:
                return httpx.Response(200, json={"blockbook": {"coin": chain.name, "bestHeight": 5}})
            case ["block-index", height]:
                block_hash = chain.first_hash.ljust(64, "0") if height == "0" else "cd" * 32
                return httpx.Response(200, json={"blockHash": block_hash})
            case _:
                page = {"address": address, "balance": "0", "txs": 1, "page": 1, "itemsOnPage": 50}
                return httpx.Response(200, json=page | {"transactions": [transaction]})

    upstream = Upstream(name="Model", base_url="http://127.0.0.1:1", requests_per_window=10_000)
    adapter = UtxoAdapter(chain, http=client_over(httpx.MockTransport(answer)), blockbooks=[upstream])
    pages = [page async for page in adapter.transactions(address, cursor=None)]
    (found,) = [each for page in pages for each in page.transactions]
    return found


def moves(transaction: ProviderTransaction) -> list[tuple[Direction, int, str | None]]:
    return [
        (each.direction, int(each.quantity.decimal.scaleb(8)), each.counterparty)
        for each in transaction.movements
    ]


IN, OUT, FEE = Direction.INCOMING, Direction.OUTGOING, Direction.FEE
OWN_10 = [(ZEC_OWN, 1_000)]

CASES: dict[str, tuple[dict[str, object], list[tuple[Direction, int, str | None]]]] = {
    "nothing shielded": (
        told(OWN_10, [(ZEC_OTHER, 990)], hex_=raw(4, 1, 1, Shielded()).hex()),
        [(OUT, 990, ZEC_OTHER), (FEE, 10, None)],
    ),
    "nothing shielded, version 5": (
        told(OWN_10, [(ZEC_OTHER, 990)], hex_=raw(5, 1, 1, Shielded()).hex()),
        [(OUT, 990, ZEC_OTHER), (FEE, 10, None)],
    ),
    "all into a pool": (
        told(OWN_10, [], hex_=raw(5, 1, 0, Shielded(actions=2, orchard=-985)).hex()),
        [(OUT, 985, None), (FEE, 15, None)],
    ),
    "some into a pool, some to somebody: neither is the only other side": (
        told(OWN_10, [(ZEC_OTHER, 300)], hex_=raw(4, 1, 1, Shielded(outputs=2, sapling=-690)).hex()),
        [(OUT, 990, None), (FEE, 10, None)],
    ),
    "change comes back": (
        told(OWN_10, [(ZEC_OWN, 300)], hex_=raw(4, 1, 1, Shielded(outputs=1, sapling=-690)).hex()),
        [(OUT, 690, None), (FEE, 10, None)],
    ),
    "into the oldest pool": (
        told(OWN_10, [], hex_=raw(2, 1, 0, Shielded(sprout=((990, 0),))).hex()),
        [(OUT, 990, None), (FEE, 10, None)],
    ),
    "out of a pool": (
        told([], [(ZEC_OWN, 500)], hex_=raw(5, 0, 1, Shielded(actions=2, orchard=510)).hex()),
        [(IN, 500, None)],
    ),
    "a pool pays with the wallet: the fee is not its own alone": (
        told(OWN_10, [(ZEC_OTHER, 1_490)], hex_=raw(4, 1, 1, Shielded(spends=1, sapling=500)).hex()),
        [(OUT, 1_000, None)],
    ),
    "bytes are missing: all that went is told as gone, and no fee": (
        told(OWN_10, [(ZEC_OTHER, 300)]),
        [(OUT, 1_000, None)],
    ),
    "bytes of a version to come": (
        told(OWN_10, [], hex_=(6 | 1 << 31).to_bytes(4, "little").hex() + "00" * 99),
        [(OUT, 1_000, None)],
    ),
    "bytes of another transaction": (
        told(OWN_10, [(ZEC_OTHER, 990)], hex_=raw(4, 3, 1, Shielded()).hex()),
        [(OUT, 1_000, None)],
    ),
    "a server that knows better than the difference": (
        told(OWN_10, [], fees=12),
        [(OUT, 988, None), (FEE, 12, None)],
    ),
}


@pytest.mark.parametrize("name", CASES)
async def test_zcash(name: str) -> None:
    transaction, expected = CASES[name]
    assert moves(await read("zcash", ZEC_OWN, transaction)) == expected


@pytest.mark.parametrize(
    "part",
    [Shielded(), Shielded(outputs=1, sapling=-1_001)],
    ids=["pays out more than it spends", "puts more into a pool than it spends"],
)
async def test_zcash_sums_that_cannot_be_are_refused(part: Shielded) -> None:
    paid = [] if part.outputs else [(ZEC_OTHER, 1_001)]
    transaction = told(OWN_10, paid, hex_=raw(4, 1, len(paid), part).hex())
    with pytest.raises(CouldNotLook, match="do not fit"):
        await read("zcash", ZEC_OWN, transaction)


async def test_dash_credits_that_come_back_come_from_nobody() -> None:
    """An asset unlock (DIP-27) spends no coins at all."""
    assert moves(await read("dash", DASH_OWN, told([], [(DASH_OWN, 700)]))) == [(IN, 700, None)]


async def test_dash_pays_as_bitcoin_does() -> None:
    transaction = told([(DASH_OWN, 1_000)], [(DASH_OTHER, 990)])
    assert moves(await read("dash", DASH_OWN, transaction)) == [(OUT, 990, DASH_OTHER), (FEE, 10, None)]


async def test_other_chains_have_nothing_unseen() -> None:
    own = "DBus3bamQjgJULBJtYXpEzDWQRwF5iwxgC"
    with pytest.raises(CouldNotLook, match="do not fit"):
        await read("dogecoin", own, told([], [(own, 700)]))


async def test_ledger_of_a_fee_that_is_not_known_still_adds_up() -> None:
    """What is left out of the fee is in what went: the sum is what the address lost."""
    for transaction, _ in CASES.values():
        one = await read("zcash", ZEC_OWN, transaction)
        came = sum(units for direction, units, _ in moves(one) if direction is IN)
        went = sum(units for direction, units, _ in moves(one) if direction is not IN)
        outputs, inputs = transaction["vout"], transaction["vin"]
        assert isinstance(outputs, list)
        assert isinstance(inputs, list)
        held = sum(int(each["value"]) for each in outputs if each["addresses"] == [ZEC_OWN])
        spent = sum(int(each["value"]) for each in inputs if each["addresses"] == [ZEC_OWN])
        assert came - went == held - spent

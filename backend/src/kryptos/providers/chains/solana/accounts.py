"""Accounts that belong to an address: on Solana tokens and stake are not held by it, but by accounts of their own."""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kryptos.catalog.encodings import decode_base58
from kryptos.infra.http_client.errors import AnswerTooLarge, AnswerTooLate
from kryptos.providers.chains.json_rpc import Call, NodeAnsweredWithError, NodeBusy
from kryptos.providers.chains.solana.address import STAKE_PROGRAM, TOKEN_2022_PROGRAM, TOKEN_PROGRAM
from kryptos.providers.chains.solana.node_errors import HistoryUnavailable
from kryptos.providers.chains.solana.rpc import Rpc
from kryptos.providers.chains.solana.wire import At, Count, KeyedSlice, KeyedTokenAccount, Lamports
from kryptos.providers.contracts import CouldNotLook, ProviderRefused

FINALIZED: Mapping[str, object] = {"commitment": "finalized"}
"""All that is asked is finalized: a signature that is listed does not vanish with a fork any more."""

_TRIES_FOR_ONE_SLOT = 3
_WITHDRAWER_OFFSET = 44
"""Where a stake account names who may take its lamports out (``StakeStateV2``: tag, reserve, staker, withdrawer)."""
_ADDRESS_BYTES = 32
_MOST_ACCOUNTS = 100
"""Accounts that ``getMultipleAccounts`` takes at once."""
_PROGRAMS = (TOKEN_PROGRAM, TOKEN_2022_PROGRAM)


@dataclass(frozen=True, slots=True)
class TokenAccount:
    """An account that holds one token."""

    address: str
    mint: str
    program: str
    units: int
    decimals: int


@dataclass(frozen=True, slots=True)
class Held:
    """What an address and its own accounts hold; ``slot`` is None if the node did not tell it all at one slot."""

    slot: int | None
    lamports: int
    staked: Mapping[str, int]
    """Lamports per stake account that exists."""
    tokens: tuple[TokenAccount, ...]
    unreadable: tuple[str, ...]
    """Token accounts that the node itself could not read."""
    stake_refusal: str | None
    """Why the node does not search for stake accounts; None where it does."""

    @property
    def open_tokens(self) -> tuple[str, ...]:
        """The token accounts by their addresses."""
        return (*(account.address for account in self.tokens), *self.unreadable)


@dataclass(frozen=True, slots=True)
class _Stakes:
    accounts: tuple[str, ...] = ()
    refusal: str | None = None


async def read_held(rpc: Rpc, address: str) -> Held:
    """Return what the address holds now, at one slot if the node gives it so within a few tries."""
    stakes = await _find_stakes(rpc, address)
    calls = tuple(_calls(address, stakes.accounts))
    for _ in range(_TRIES_FOR_ONE_SLOT - 1):
        held = _held(rpc, address, stakes, await rpc.ask_all(calls))
        if held.slot is not None:
            return held
    return _held(rpc, address, stakes, await rpc.ask_all(calls))


def _calls(address: str, stakes: Sequence[str]) -> Iterator[Call]:
    yield Call("getBalance", (address, FINALIZED))
    for program in _PROGRAMS:
        config = {"encoding": "jsonParsed", **FINALIZED}
        yield Call("getTokenAccountsByOwner", (address, {"programId": program}, config))
    for start in range(0, len(stakes), _MOST_ACCOUNTS):
        config = {"encoding": "base64", "dataSlice": {"offset": 0, "length": 0}, **FINALIZED}
        yield Call("getMultipleAccounts", (stakes[start : start + _MOST_ACCOUNTS], config))


def _held(rpc: Rpc, address: str, stakes: _Stakes, results: list[object]) -> Held:
    balance = rpc.read(results[0], At[Count])
    slots = {balance.context.slot}
    tokens: list[TokenAccount] = []
    unreadable: list[str] = []
    for program, result in zip(_PROGRAMS, results[1:], strict=False):
        listed = rpc.read(result, At[tuple[KeyedTokenAccount, ...]])
        slots.add(listed.context.slot)
        for row in listed.value:
            fields = row.fields
            if fields is None:
                unreadable.append(row.pubkey)
            elif fields.owner != address:
                raise CouldNotLook(f"{rpc.shown} gave a token account of somebody else.")
            else:
                amount = fields.token_amount
                tokens.append(
                    TokenAccount(row.pubkey, fields.mint, program, int(amount.amount), amount.decimals)
                )
    stake_rows: list[Lamports | None] = []
    for result in results[1 + len(_PROGRAMS) :]:
        stake_part = rpc.read(result, At[tuple[Lamports | None, ...]])
        slots.add(stake_part.context.slot)
        stake_rows += stake_part.value
    if len(stake_rows) != len(stakes.accounts):
        raise CouldNotLook(f"{rpc.shown} gave other accounts than it was asked for.")
    return Held(
        slot=slots.pop() if len(slots) == 1 else None,
        lamports=balance.value,
        staked={
            account: row.lamports
            for account, row in zip(stakes.accounts, stake_rows, strict=True)
            if row is not None
        },
        tokens=tuple(tokens),
        unreadable=tuple(unreadable),
        stake_refusal=stakes.refusal,
    )


async def _find_stakes(rpc: Rpc, address: str) -> _Stakes:
    """Return the stake accounts whose withdrawer is the address; the staker alone owns nothing and does not count.

    Many nodes do not search all accounts for anybody: that is no failure but a refusal, told as such.
    """
    config = {
        "encoding": "base64",
        "dataSlice": {"offset": _WITHDRAWER_OFFSET, "length": _ADDRESS_BYTES},
        "filters": [{"memcmp": {"offset": _WITHDRAWER_OFFSET, "bytes": address}}],
        **FINALIZED,
    }
    try:
        result = await rpc.ask("getProgramAccounts", STAKE_PROGRAM, config)
    except (NodeBusy, HistoryUnavailable):
        raise
    except (NodeAnsweredWithError, ProviderRefused, AnswerTooLarge, AnswerTooLate) as error:
        return _Stakes(refusal=error.message)
    found = rpc.read(result, tuple[KeyedSlice, ...])
    withdrawer = b64encode(decode_base58(address) or b"").decode()
    if any(row.account.data != (withdrawer, "base64") for row in found):
        raise CouldNotLook(f"{rpc.shown} gave a stake account of somebody else.")
    return _Stakes(tuple(row.pubkey for row in found))

"""Reckoning: whether what was told adds up to what is held; what does not is told as a gap, once."""

from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec

from kryptos.providers.chains.coins import amount_of
from kryptos.providers.chains.solana.accounts import Held
from kryptos.providers.chains.solana.chain import NativeCoin
from kryptos.providers.chains.solana.cursor import Cursor
from kryptos.providers.chains.solana.movements import Told

_SHOWN = 5


def counted(cursor: Cursor, told: Sequence[Told]) -> Cursor:
    """Return the cursor with what some more slots, whole, did to the address, and what moved between them."""
    lamports = int(cursor.lamports) + sum(
        each.lamports[1] - each.lamports[0] for each in told if each.lamports
    )
    named = [(each.slot, each.lamports[1]) for each in told if each.lamports is not None]
    unexplained = int(cursor.unexplained)
    if named:
        # Within the newest slot the order is not known: one of these is what was held at its end.
        ends = [after for at, after in named if at == named[-1][0]]
        if lamports not in ends:
            unexplained += ends[-1] - lamports
            lamports = ends[-1]
    units = {mint: int(count) for mint, count in cursor.units.items()}
    for each in told:
        for mint, change in each.units.items():
            units[mint] = units.get(mint, 0) + change
    return msgspec.structs.replace(
        cursor,
        lamports=str(lamports),
        unexplained=str(unexplained),
        staked=str(int(cursor.staked) + sum(each.staked for each in told)),
        units={mint: str(count) for mint, count in units.items() if count},
    )


def reckoned(
    cursor: Cursor, held: Held, *, address: str, coin: NativeCoin, moving: Collection[str]
) -> tuple[Cursor, tuple[str, ...]]:
    """Compare the end of a whole read with what is held; return the cursor that says that, and the gaps.

    ``moving`` are accounts that were named since: what they held at the cursor's slot is not known, and they are
    compared the next time.
    """
    gaps: list[str] = []
    unexplained, lamports = int(cursor.unexplained), int(cursor.lamports)
    if address not in moving:
        unexplained += held.lamports - lamports
        lamports = held.lamports
    if unexplained:
        gaps.append(
            f"Up to slot {cursor.slot:,}, {_moved(unexplained, coin)} than transactions show: "
            "the node does not keep all of the history, or there were rewards or a share of the genesis."
        )
    staked = int(cursor.staked)
    if held.stake_refusal is None and not {*held.staked, *cursor.stakes} & set(moving):
        if rewards := sum(held.staked.values()) - staked:
            gaps.append(
                f"Up to slot {cursor.slot:,}, {_moved(rewards, coin)} of stake accounts than transactions show: "
                "rewards are paid without one, and accounts can change hands."
            )
        staked = sum(held.staked.values())
    units, other_mints = _reckoned_units(cursor, held, moving)
    if other_mints:
        more = f" and {len(other_mints) - _SHOWN} more" if len(other_mints) > _SHOWN else ""
        gaps.append(
            f"Up to slot {cursor.slot:,}, tokens came in or went out otherwise than transactions show: "
            f"{', '.join(other_mints[:_SHOWN])}{more}. The node does not keep all of the history."
        )
    cursor = msgspec.structs.replace(
        cursor,
        lamports=str(lamports),
        unexplained="0",
        staked=str(staked),
        units={mint: str(count) for mint, count in units.items() if count},
    )
    return cursor, tuple(gaps)


def _moved(units: int, coin: NativeCoin) -> str:
    amount = amount_of(abs(units), coin.decimals)
    return f"{amount} {coin.symbol} more {'went out' if units < 0 else 'came in'}"


def _reckoned_units(
    cursor: Cursor, held: Held, moving: Collection[str]
) -> tuple[Mapping[str, int], Sequence[str]]:
    """Return what is held by mint, as far as it can be compared, and how the mints are shown that differ."""
    told = {mint: int(count) for mint, count in cursor.units.items()}
    mint_of = {account.address: account.mint for account in held.tokens}
    # Accounts that were closed since, or could not be read, tell no mint: any may be theirs.
    if held.unreadable or any(account in moving and account not in mint_of for account in cursor.tokens):
        return told, ()
    left_out = {mint_of[account] for account in moving if account in mint_of}
    now: dict[str, int] = {}
    decimals: dict[str, int] = {}
    for account in held.tokens:
        now[account.mint] = now.get(account.mint, 0) + account.units
        decimals[account.mint] = account.decimals
    differing = [
        mint
        for mint in sorted(now.keys() | told.keys())
        if mint not in left_out and now.get(mint, 0) != told.get(mint, 0)
    ]
    shown = list(_differences(differing, now, told, decimals))
    return told | {mint: now.get(mint, 0) for mint in differing}, shown


def _differences(
    mints: Sequence[str], now: Mapping[str, int], told: Mapping[str, int], decimals: Mapping[str, int]
) -> Iterator[str]:
    for mint in mints:
        units = now.get(mint, 0) - told.get(mint, 0)
        sign = "-" if units < 0 else "+"
        unit = "" if mint in decimals else " smallest units"
        yield f"{sign}{amount_of(abs(units), decimals.get(mint, 0))}{unit} of {mint}"

"""Balances: the coin, stake included, and every token that an address holds."""

from collections.abc import Collection, Iterator, Mapping

from kryptos.providers.chains.coins import amount_of
from kryptos.providers.chains.solana.accounts import Held, read_held
from kryptos.providers.chains.solana.assets import native_asset, token_asset
from kryptos.providers.chains.solana.chain import KnownToken
from kryptos.providers.chains.solana.rpc import Rpc
from kryptos.providers.contracts import AssetRef, Balance, Balances

_SHOWN = 5


async def read_balances(
    rpc: Rpc, address: str, *, known: Mapping[str, KnownToken], named: Collection[str] = ()
) -> Balances:
    """Return what the address holds at the newest finalized slot; several accounts of one token are one balance."""
    held = await read_held(rpc, address)
    coin = native_asset(rpc.chain)
    units: dict[AssetRef, int] = {coin: held.lamports + sum(held.staked.values())}
    for account in held.tokens:
        token = token_asset(
            rpc.chain, account.mint, program=account.program, decimals=account.decimals, known=known
        )
        units[token] = units.get(token, 0) + account.units
    return Balances(
        height=held.slot,
        items=tuple(
            Balance(asset, amount_of(count, asset.decimals or 0)) for asset, count in units.items() if count
        ),
        gaps=tuple(_gaps(rpc.chain.native.symbol, held)),
        # An account that cannot be read may be of any token that is not seen elsewhere.
        silent=tuple(sorted(set(named) - {token.contract for token in units})) if held.unreadable else (),
    )


def _gaps(symbol: str, held: Held) -> Iterator[str]:
    if held.stake_refusal is not None:
        yield f"Staked {symbol} is not counted: {held.stake_refusal}"
    if held.unreadable:
        more = f" and {len(held.unreadable) - _SHOWN} more" if len(held.unreadable) > _SHOWN else ""
        yield (
            "Token accounts that the node could not read are left out: "
            f"{', '.join(held.unreadable[:_SHOWN])}{more}."
        )

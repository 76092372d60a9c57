"""Movements: what one transaction did to an address, out of what every account held before and after it.

Instructions are not read: whatever programs did, the differences of balances are what came of it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kryptos.providers.chains.coins import amount_of
from kryptos.providers.chains.solana.assets import native_asset, token_asset
from kryptos.providers.chains.solana.chain import KnownToken, SolanaChain
from kryptos.providers.chains.solana.wire import TokenBalance, Transaction
from kryptos.providers.contracts import AssetRef, Direction, Movement, ProviderTransaction


@dataclass(frozen=True, slots=True)
class Owner:
    """The address, and the accounts that are known to be its own."""

    address: str
    stakes: Collection[str]
    tokens: Collection[str]


@dataclass(frozen=True, slots=True)
class Told:
    """What a transaction comes to. ``transaction`` is None if it did nothing to the address, which did not sign it."""

    slot: int
    transaction: ProviderTransaction | None
    lamports: tuple[int, int] | None
    """What the address itself held before and after; None if it was not named."""
    staked: int
    """What came into its stake accounts less what went out."""
    units: Mapping[str, int]
    """By how much its share of each token changed."""


@dataclass(frozen=True, slots=True)
class _Change:
    """By how much each holder's share of one asset changed, in smallest units."""

    asset: AssetRef
    key: str
    own: int
    others: Mapping[str, int]


def told_of(
    chain: SolanaChain,
    owner: Owner,
    sent: Transaction,
    *,
    at: datetime,
    known: Mapping[str, KnownToken],
) -> Told:
    """Return what a transaction did to the address and its own accounts."""
    keys = [key.pubkey for key in sent.keys]
    before, after = (dict(zip(keys, each, strict=True)) for each in _lamports(sent))
    token_changes = tuple(_token_changes(chain, owner, sent, known))
    movements = tuple(_movements(chain, owner, sent, token_changes))
    is_signer = any(key.signer and key.pubkey == owner.address for key in sent.keys)
    transaction = ProviderTransaction(
        id=sent.transaction.signatures[0],
        height=sent.slot,
        at=at,
        has_failed=sent.meta.err is not None,
        movements=movements,
    )
    address = owner.address
    return Told(
        slot=sent.slot,
        transaction=transaction if movements or is_signer else None,
        lamports=(before[address], after[address]) if address in before else None,
        staked=sum(after[key] - before[key] for key in before.keys() & set(owner.stakes)),
        units={change.asset.contract: change.own for change in token_changes if change.asset.contract},
    )


def own_token_accounts(sent: Transaction, address: str) -> set[str]:
    """Return the token accounts that were the address's own before or after a transaction."""
    keys = sent.keys
    return {
        keys[balance.account_index].pubkey for balance in _token_balances(sent) if balance.owner == address
    }


def _lamports(sent: Transaction) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return sent.meta.pre_balances, sent.meta.post_balances


def _token_balances(sent: Transaction) -> tuple[TokenBalance, ...]:
    return (*(sent.meta.pre_token_balances or ()), *(sent.meta.post_token_balances or ()))


def _movements(
    chain: SolanaChain, owner: Owner, sent: Transaction, token_changes: Sequence[_Change]
) -> Iterator[Movement]:
    for change in (_native_change(chain, owner, sent), *token_changes):
        if change.own:
            yield Movement(
                key=change.key,
                direction=Direction.INCOMING if change.own > 0 else Direction.OUTGOING,
                asset=change.asset,
                quantity=amount_of(abs(change.own), change.asset.decimals or 0),
                counterparty=_counterparty(change),
            )
    if sent.keys[0].pubkey == owner.address and sent.meta.fee:
        yield Movement(
            key="fee",
            direction=Direction.FEE,
            asset=native_asset(chain),
            quantity=amount_of(sent.meta.fee, chain.native.decimals),
            counterparty=None,
        )


def _native_change(chain: SolanaChain, owner: Owner, sent: Transaction) -> _Change:
    """Return what moved but for the fee, which the first account paid."""
    own, others = 0, {}
    for index, (key, before, after) in enumerate(zip(sent.keys, *_lamports(sent), strict=True)):
        difference = after - before + (sent.meta.fee if index == 0 else 0)
        if key.pubkey == owner.address or key.pubkey in owner.stakes:
            own += difference
        else:
            others[key.pubkey] = difference
    return _Change(native_asset(chain), "native", own, others)


def _token_changes(
    chain: SolanaChain, owner: Owner, sent: Transaction, known: Mapping[str, KnownToken]
) -> Iterator[_Change]:
    own: dict[str, int] = {}
    others: dict[str, dict[str, int]] = {}
    of_mint: dict[str, TokenBalance] = {}
    for sign, balances in ((-1, sent.meta.pre_token_balances), (1, sent.meta.post_token_balances)):
        for balance in balances or ():
            units = sign * int(balance.ui_token_amount.amount)
            account = sent.keys[balance.account_index].pubkey
            of_mint[balance.mint] = balance
            is_own = balance.owner == owner.address or (balance.owner is None and account in owner.tokens)
            if is_own:
                own[balance.mint] = own.get(balance.mint, 0) + units
            else:
                holders = others.setdefault(balance.mint, {})
                holder = balance.owner or account
                holders[holder] = holders.get(holder, 0) + units
    for mint in sorted(own):
        balance = of_mint[mint]
        asset = token_asset(
            chain, mint, program=balance.program_id, decimals=balance.ui_token_amount.decimals, known=known
        )
        yield _Change(asset, f"token:{mint}", own[mint], others.get(mint, {}))


def _counterparty(change: _Change) -> str | None:
    """Return who gave or got, if that was one alone."""
    opposite = [holder for holder, units in change.others.items() if units * change.own < 0]
    return opposite[0] if len(opposite) == 1 else None

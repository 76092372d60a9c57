"""Balances: the native coin and every token that an address holds, all at one block."""

from collections.abc import Mapping
from dataclasses import dataclass

from kryptos.kernel.amount import Amount
from kryptos.providers.chains.coins import amount_of
from kryptos.providers.chains.evm.abi import BALANCE_OF, address_word, word_at
from kryptos.providers.chains.evm.address import checksummed
from kryptos.providers.chains.evm.chain import EvmLimits, KnownToken
from kryptos.providers.chains.evm.contract_calls import ContractCalls
from kryptos.providers.chains.evm.log_search import LogSearch
from kryptos.providers.chains.evm.movements import native_asset
from kryptos.providers.chains.evm.rpc import Rpc
from kryptos.providers.chains.evm.tokens import NATIVE_MIRRORS, not_tokens_gap, read_tokens
from kryptos.providers.contracts import AssetRef, Balance, Balances, CouldNotLook


@dataclass(frozen=True, slots=True)
class _Found:
    """Contracts whose token the address may hold, in small letters."""

    contracts: frozenset[str]
    gaps: tuple[str, ...]


async def read_balances(
    rpc: Rpc,
    limits: EvmLimits,
    address: str,
    *,
    known: Mapping[str, KnownToken],
    named: frozenset[str] = frozenset(),
) -> Balances:
    """Return what the address holds at the newest block.

    ``named`` contracts are looked at as if they had been found, ``known`` ones where the search has a gap.
    """
    height = await rpc.number("eth_blockNumber")
    found = await _discover(rpc, limits, address, height)
    wanted = found.contracts | named
    contracts = wanted | known.keys() if found.gaps else wanted
    calls = ContractCalls(rpc, height, limits.contracts_per_call)
    native = await rpc.number("eth_getBalance", address, hex(height))
    held, silent = await _held(calls, address, sorted(contracts - NATIVE_MIRRORS))
    tokens = await read_tokens(calls, sorted(held), known=known)
    asset = native_asset(rpc.chain)
    items = [Balance(asset, amount_of(native, rpc.chain.native.decimals))] if native else []
    items += [Balance(token, _quantity(held[contract], token)) for contract, token in tokens.items()]
    return Balances(
        height=height,
        items=tuple(items),
        gaps=(
            *found.gaps,
            *not_tokens_gap(silent & wanted, what="Contracts that do not tell a balance"),
            *not_tokens_gap(held.keys() - tokens.keys(), what="Tokens that do not tell their decimals"),
        ),
        silent=tuple(sorted(map(checksummed, silent | (held.keys() - tokens.keys())))),
    )


def _quantity(units: int, token: AssetRef) -> Amount:
    if token.decimals is None:
        raise AssertionError("a token that was read has decimals")
    return amount_of(units, token.decimals)


async def _held(
    calls: ContractCalls, address: str, contracts: list[str]
) -> tuple[dict[str, int], frozenset[str]]:
    """Return the balances above zero by contract, and the contracts that told none."""
    data = BALANCE_OF + address_word(address)
    answers = await calls.read([(contract, data) for contract in contracts], answer_bytes=32)
    told = {
        contract: word_at(answer) if answer else None
        for contract, answer in zip(contracts, answers, strict=True)
    }
    held = {contract: units for contract, units in told.items() if units}
    return held, frozenset(contract for contract, units in told.items() if units is None)


async def _discover(rpc: Rpc, limits: EvmLimits, address: str, height: int) -> _Found:
    """Find the tokens that ever moved to or from the address, newest blocks first."""
    search = LogSearch(rpc, address, limits.discovery_log_calls)
    contracts: set[str] = set()
    unsearched = height  # the highest block that was not searched yet
    while unsearched >= 0 and search.calls_left > 0:
        try:
            start, logs = await search.newest_first(0, unsearched)
        except CouldNotLook as error:
            # Balances themselves can still be had: the catalogue's tokens stand in.
            return _Found(frozenset(contracts), (_gap(unsearched, error.message),))
        contracts |= {log.address.lower() for log in logs}
        unsearched = start - 1
    gaps = (
        ()
        if unsearched < 0
        else (_gap(unsearched, f"this takes more than {limits.discovery_log_calls} calls."),)
    )
    return _Found(frozenset(contracts), gaps)


def _gap(last: int, reason: str) -> str:
    return f"Tokens that last moved up to block {last:,} were looked for only among those of the catalogue: {reason}"

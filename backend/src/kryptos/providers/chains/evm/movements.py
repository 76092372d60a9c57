"""Movements: what one transaction did to an address, out of the transaction, its receipt and its logs."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from kryptos.providers.chains.coins import amount_of
from kryptos.providers.chains.evm.abi import DEPOSIT, TRANSFER, WITHDRAWAL, address_in, word_at
from kryptos.providers.chains.evm.address import ZERO_ADDRESS, checksummed
from kryptos.providers.chains.evm.chain import EvmChain
from kryptos.providers.chains.evm.quantity import bytes_of, number_of
from kryptos.providers.chains.evm.wire import Log, Receipt, Transaction, Withdrawal
from kryptos.providers.contracts import AssetRef, Direction, Movement, ProviderTransaction, Standard

_ARBITRUM_DEPOSIT = 0x64
"""Type of the transaction by which Nitro credits ETH that came from Ethereum: its sender is given what it sends."""
_GWEI = 10**9


@dataclass(frozen=True, slots=True)
class InternalTransfer:
    """Native value that a contract sent or was sent in the course of a transaction; addresses in small letters."""

    sender: str
    receiver: str
    units: int


@dataclass(frozen=True, slots=True)
class Touch:
    """A transaction that touched the address, with all that was read of it."""

    transaction: Transaction
    receipt: Receipt
    logs: tuple[Log, ...]
    timestamp: int
    internals: tuple[InternalTransfer, ...] = ()
    """Those of the address, in the order in which they happened; only an indexer tells them."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a touch comes to: the transaction as adapters give it, and the native value that it moved."""

    transaction: ProviderTransaction
    native_units: int
    """Smallest units that came in less those that went out, fees included: to compare with the balance."""
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Leg:
    """A movement in smallest units; ``contract`` None is the native coin."""

    key: str
    direction: Direction
    contract: str | None
    units: int
    counterparty: str | None


def native_asset(chain: EvmChain) -> AssetRef:
    """Return the chain's own coin."""
    coin = chain.native
    return AssetRef(
        chain_id=chain.id,
        standard=Standard.NATIVE,
        contract=None,
        symbol=coin.symbol,
        name=coin.name,
        decimals=coin.decimals,
    )


def at(timestamp: int) -> datetime:
    """Return the instant of a block's timestamp: seconds since 1970 in UTC."""
    return datetime.fromtimestamp(timestamp, tz=UTC)


def told_of_touch(chain: EvmChain, address: str, touch: Touch, tokens: Mapping[str, AssetRef]) -> Told | None:
    """Return what a transaction did to the address (in small letters); None if it did nothing to it.

    ``tokens`` are those that could be read, by contract in small letters; legs in others are left out.
    """
    has_failed = touch.receipt.status is not None and number_of(touch.receipt.status) == 0
    legs = [leg for leg in _legs(chain, address, touch, has_failed=has_failed) if leg.units]
    movements = [movement for leg in legs if (movement := _movement(chain, leg, tokens)) is not None]
    is_sender = touch.transaction.sender.lower() == address
    if not movements and not is_sender:
        return None  # a transfer of nothing, sent to be seen in histories (address poisoning)
    transaction = ProviderTransaction(
        id=touch.transaction.hash,
        height=number_of(touch.transaction.block_number),
        at=at(touch.timestamp),
        has_failed=has_failed,
        movements=tuple(movements),
    )
    return Told(
        transaction=transaction,
        native_units=sum(_signed(leg) for leg in legs if leg.contract is None),
        gaps=tuple(_fee_gaps(touch)) if is_sender else (),
    )


def told_of_withdrawal(chain: EvmChain, withdrawal: Withdrawal, *, height: int, timestamp: int) -> Told:
    """Return value that the beacon chain paid out (EIP-4895): it has no hash, but an index of its own."""
    units = number_of(withdrawal.amount) * _GWEI
    movement = Movement(
        key="native",
        direction=Direction.INCOMING,
        asset=native_asset(chain),
        quantity=amount_of(units, chain.native.decimals),
        counterparty=None,
    )
    transaction = ProviderTransaction(
        id=f"withdrawal:{number_of(withdrawal.index)}",
        height=height,
        at=at(timestamp),
        has_failed=False,
        movements=(movement,) if units else (),
    )
    return Told(transaction, units)


def _legs(chain: EvmChain, address: str, touch: Touch, *, has_failed: bool) -> Iterator[Leg]:
    yield from _native_legs(address, touch, has_failed=has_failed)
    if not has_failed:
        for log in touch.logs:
            if log.topics[0] == TRANSFER:
                yield from _transfer_legs(address, log)
            else:
                yield from _wrapping_legs(address, log, touch.logs)
        yield from _internal_legs(chain, address, touch)
    if touch.transaction.sender.lower() == address and touch.transaction.fee_currency is None:
        yield Leg("fee", Direction.FEE, None, fee_units(touch), None)


def _native_legs(address: str, touch: Touch, *, has_failed: bool) -> Iterator[Leg]:
    sent = touch.transaction
    value = number_of(sent.value)
    sender = sent.sender.lower()
    receiver = (sent.to or touch.receipt.contract_address or "").lower()
    is_arbitrum_deposit = sent.type is not None and number_of(sent.type) == _ARBITRUM_DEPOSIT
    if sender == address:
        # What a deposit from Ethereum brings stays even if the rest of it fails (OP stack: *Deposited transactions*).
        minted = number_of(sent.mint) if sent.mint else value if is_arbitrum_deposit else 0
        yield Leg("mint", Direction.INCOMING, None, minted, None)
    if has_failed:
        return
    if sender == address:
        yield Leg("native", Direction.OUTGOING, None, value, receiver or None)
    if receiver == address:
        key = "native:in" if sender == address else "native"
        yield Leg(key, Direction.INCOMING, None, value, sender)


def _transfer_legs(address: str, log: Log) -> Iterator[Leg]:
    sender, receiver = address_in(log.topics[1]), address_in(log.topics[2])
    units = word_at(bytes_of(log.data)) or 0
    key = f"log:{number_of(log.log_index)}"
    contract = log.address.lower()
    if sender == address:
        yield Leg(key, Direction.OUTGOING, contract, units, receiver)
    if receiver == address:
        yield Leg(f"{key}:in" if sender == address else key, Direction.INCOMING, contract, units, sender)


def _wrapping_legs(address: str, log: Log, logs: Sequence[Log]) -> Iterator[Leg]:
    """Yield what wrapping and unwrapping moved: WETH9 mints and burns without a Transfer, and pays out by itself."""
    contract = log.address.lower()
    units = word_at(bytes_of(log.data)) or 0
    key = f"log:{number_of(log.log_index)}"
    is_deposit = log.topics[0] == DEPOSIT
    if not any(_mints_or_burns(each, log, address, is_mint=is_deposit) for each in logs):
        direction = Direction.INCOMING if is_deposit else Direction.OUTGOING
        yield Leg(key, direction, contract, units, contract)
    if log.topics[0] == WITHDRAWAL:
        yield Leg(f"{key}:native", Direction.INCOMING, None, units, contract)


def _internal_legs(chain: EvmChain, address: str, touch: Touch) -> Iterator[Leg]:
    """Yield what contracts moved. Their places are counted, as indexers name them each in its own way.

    What the wrapper paid out is told by its Withdrawal already, with an indexer or without one.
    """
    told = Counter(word_at(bytes_of(log.data)) for log in touch.logs if log.topics[0] == WITHDRAWAL)
    wrapper = (chain.wrapped_native or "").lower()
    for place, each in enumerate(touch.internals):
        if each.sender == wrapper and each.receiver == address and told[each.units]:
            told[each.units] -= 1
            continue
        key = f"internal:{place}"
        if each.sender == address:
            yield Leg(key, Direction.OUTGOING, None, each.units, each.receiver or None)
        if each.receiver == address:
            is_to_oneself = each.sender == address
            yield Leg(
                f"{key}:in" if is_to_oneself else key, Direction.INCOMING, None, each.units, each.sender
            )


def _mints_or_burns(each: Log, log: Log, address: str, *, is_mint: bool) -> bool:
    """Say whether a Transfer tells the same as a Deposit or Withdrawal: other wrappers write both."""
    if each.topics[0] != TRANSFER or each.address != log.address or each.data != log.data:
        return False
    sender, receiver = address_in(each.topics[1]), address_in(each.topics[2])
    return (sender, receiver) == ((ZERO_ADDRESS, address) if is_mint else (address, ZERO_ADDRESS))


def fee_units(touch: Touch) -> int:
    """Return what the sender paid: for gas (EIP-1559), blobs (EIP-4844) and, on the OP stack, for room on Ethereum."""
    receipt = touch.receipt
    price = receipt.effective_gas_price or touch.transaction.gas_price or "0x0"
    blobs = number_of(receipt.blob_gas_used or "0x0") * number_of(receipt.blob_gas_price or "0x0")
    return number_of(receipt.gas_used) * number_of(price) + blobs + number_of(receipt.l1_fee or "0x0")


def _fee_gaps(touch: Touch) -> Iterator[str]:
    receipt, sent = touch.receipt, touch.transaction
    if sent.fee_currency is not None:
        yield f"The fee of {sent.hash} was paid in {checksummed(sent.fee_currency)} and is not counted."
    if any(number_of(part or "0x0") for part in (receipt.operator_fee_scalar, receipt.operator_fee_constant)):
        yield f"The operator fee of {sent.hash} is not counted."


def _signed(leg: Leg) -> int:
    return leg.units if leg.direction is Direction.INCOMING else -leg.units


def _movement(chain: EvmChain, leg: Leg, tokens: Mapping[str, AssetRef]) -> Movement | None:
    asset = native_asset(chain) if leg.contract is None else tokens.get(leg.contract)
    if asset is None or asset.decimals is None:
        return None
    return Movement(
        key=leg.key,
        direction=leg.direction,
        asset=asset,
        quantity=amount_of(leg.units, asset.decimals),
        counterparty=None if leg.counterparty is None else checksummed(leg.counterparty),
    )

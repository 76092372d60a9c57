"""Blocks, transactions, receipts and logs as nodes send them (execution-apis), checked field by field."""

from typing import Annotated, TypeVar

import msgspec

from kryptos.providers.contracts import CouldNotLook

Hex = Annotated[str, msgspec.Meta(pattern="^0x[0-9a-fA-F]{1,64}$")]
Hash = Annotated[str, msgspec.Meta(pattern="^0x[0-9a-fA-F]{64}$")]
Address = Annotated[str, msgspec.Meta(pattern="^0x[0-9a-fA-F]{40}$")]
Data = Annotated[str, msgspec.Meta(pattern="^0x(?:[0-9a-fA-F]{2})*$")]

T = TypeVar("T")


class Log(msgspec.Struct, frozen=True, rename="camel"):
    """An event that a contract wrote. Some nodes give the block's timestamp with it."""

    address: Address
    topics: tuple[Hash, ...]
    data: Data
    block_number: Hex
    block_hash: Hash
    transaction_hash: Hash
    log_index: Hex
    block_timestamp: Hex | None = None
    removed: bool = False


class Transaction(msgspec.Struct, frozen=True, rename="camel"):
    """A transaction in a block. ``mint`` is the OP stack's, ``fee_currency`` Celo's."""

    hash: Hash
    block_number: Hex
    block_hash: Hash
    transaction_index: Hex
    sender: Address = msgspec.field(name="from")
    value: Hex = "0x0"
    to: Address | None = None
    type: Hex | None = None
    gas_price: Hex | None = None
    mint: Hex | None = None
    fee_currency: Address | None = None


class Receipt(msgspec.Struct, frozen=True, rename="camel"):
    """What came of a transaction. There is no ``status`` before Byzantium (EIP-658); L1 and operator fees are OP's."""

    transaction_hash: Hash
    block_hash: Hash
    gas_used: Hex
    status: Hex | None = None
    effective_gas_price: Hex | None = None
    contract_address: Address | None = None
    blob_gas_used: Hex | None = None
    blob_gas_price: Hex | None = None
    l1_fee: Hex | None = None
    operator_fee_scalar: Hex | None = None
    operator_fee_constant: Hex | None = None


class FullReceipt(Receipt, frozen=True, rename="camel", kw_only=True):
    """A receipt with every event of its transaction."""

    logs: tuple[Log, ...]


class Withdrawal(msgspec.Struct, frozen=True):
    """Value that the beacon chain paid out, in Gwei, outside of any transaction (EIP-4895)."""

    index: Hex
    address: Address
    amount: Hex


class Header(msgspec.Struct, frozen=True, rename="camel"):
    """A block without its transactions."""

    number: Hex
    hash: Hash
    timestamp: Hex
    miner: Address | None = None
    withdrawals: tuple[Withdrawal, ...] | None = None


class Block(Header, frozen=True, rename="camel", kw_only=True):
    """A block with its transactions."""

    transactions: tuple[Transaction, ...]


def read(value: object, kind: type[T], *, node: str) -> T:
    """Return the value as ``kind``; raise ``CouldNotLook`` naming the field that has another form."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise CouldNotLook(f"{node} gave an answer of another form than it should: {error}.") from error

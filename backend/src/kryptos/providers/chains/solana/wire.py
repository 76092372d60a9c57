"""Accounts, signatures and transactions as nodes send them (jsonParsed), checked field by field."""

from typing import Annotated, Generic, TypeVar

import msgspec

from kryptos.providers.contracts import CouldNotLook

Key = Annotated[str, msgspec.Meta(pattern="^[1-9A-HJ-NP-Za-km-z]{32,44}$")]
Signature = Annotated[str, msgspec.Meta(pattern="^[1-9A-HJ-NP-Za-km-z]{64,88}$")]
Units = Annotated[str, msgspec.Meta(pattern="^[0-9]{1,20}$")]
"""Smallest units of a token: an unsigned number of 64 bits, as text."""
Count = Annotated[int, msgspec.Meta(ge=0)]
Decimals = Annotated[int, msgspec.Meta(ge=0, le=255)]

T = TypeVar("T")


class Context(msgspec.Struct, frozen=True):
    """At which slot an answer holds."""

    slot: Count


class At(msgspec.Struct, Generic[T], frozen=True):
    """A value and the slot at which it holds."""

    context: Context
    value: T


class TokenAmount(msgspec.Struct, frozen=True):
    """An amount of a token. What nodes call ``uiAmount`` is rounded and never read."""

    amount: Units
    decimals: Decimals


class _TokenFields(msgspec.Struct, frozen=True, rename="camel"):
    mint: Key
    owner: Key
    token_amount: TokenAmount


class _ParsedToken(msgspec.Struct, frozen=True):
    info: _TokenFields


class _TokenData(msgspec.Struct, frozen=True):
    parsed: _ParsedToken


class _TokenAccountBody(msgspec.Struct, frozen=True):
    data: _TokenData | tuple[str, str]


class KeyedTokenAccount(msgspec.Struct, frozen=True):
    """A token account; one that the node itself cannot read comes as bytes."""

    pubkey: Key
    account: _TokenAccountBody

    @property
    def fields(self) -> _TokenFields | None:
        """What it holds, where the node could read it."""
        data = self.account.data
        return data.parsed.info if isinstance(data, _TokenData) else None


class Lamports(msgspec.Struct, frozen=True):
    """An account of which only the lamports were asked for."""

    lamports: Count


class _Sliced(msgspec.Struct, frozen=True):
    data: tuple[str, str]


class KeyedSlice(msgspec.Struct, frozen=True):
    """An account of which some bytes were asked for, in base64."""

    pubkey: Key
    account: _Sliced


class SignatureRow(msgspec.Struct, frozen=True, rename="camel"):
    """A transaction that named an account, as lists of signatures tell it."""

    signature: Signature
    slot: Count
    block_time: int | None = None


class AccountKey(msgspec.Struct, frozen=True):
    """An account that a transaction named; those out of lookup tables included."""

    pubkey: Key
    signer: bool


class _Message(msgspec.Struct, frozen=True, rename="camel"):
    account_keys: tuple[AccountKey, ...]


class _SignedMessage(msgspec.Struct, frozen=True):
    signatures: Annotated[tuple[Signature, ...], msgspec.Meta(min_length=1)]
    message: _Message


class TokenBalance(msgspec.Struct, frozen=True, rename="camel"):
    """What a token account held before or after a transaction. Old nodes wrote no owner and no program."""

    account_index: Count
    mint: Key
    ui_token_amount: TokenAmount
    owner: Key | None = None
    program_id: Key | None = None


class _Meta(msgspec.Struct, frozen=True, rename="camel"):
    fee: Count
    pre_balances: tuple[Count, ...]
    post_balances: tuple[Count, ...]
    err: object = None
    pre_token_balances: tuple[TokenBalance, ...] | None = None
    post_token_balances: tuple[TokenBalance, ...] | None = None


class Transaction(msgspec.Struct, frozen=True, rename="camel"):
    """A transaction with what came of it."""

    slot: Count
    transaction: _SignedMessage
    meta: _Meta
    block_time: int | None = None

    @property
    def signature(self) -> str:
        """Its first signature, which names it."""
        return self.transaction.signatures[0]

    @property
    def keys(self) -> tuple[AccountKey, ...]:
        """The accounts, in the order that balances are listed in; the first one pays the fee."""
        return self.transaction.message.account_keys


def read(value: object, kind: type[T], *, node: str) -> T:
    """Return the value as ``kind``; raise ``CouldNotLook`` naming the field that has another form."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise CouldNotLook(f"{node} gave an answer of another form than it should: {error}.") from error

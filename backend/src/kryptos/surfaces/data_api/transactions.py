"""The transactions of a user, page by page (contract K-246 to K-250)."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

import msgspec

from kryptos.catalog.labels import LABELS, TYPE_ALIASES, TransactionType
from kryptos.domains import integrations, ledger
from kryptos.domains.integrations import Integration
from kryptos.domains.ledger import Leg, LegDirection, Order, Transaction, TransactionFilter, TransactionsPage
from kryptos.infra.database import Uow
from kryptos.kernel.errors import InvalidInput, Kind, KryptosError
from kryptos.surfaces.data_api.assets import AccountOut, AssetOut, asset_out, provider_name
from kryptos.surfaces.data_api.descriptions import describe
from kryptos.surfaces.data_api.wire import Flag, instant_of, is_set, milliseconds
from kryptos.surfaces.http.calls import DataCall
from kryptos.surfaces.http.endpoint import Auth, Endpoint, Family

_LATEST_MILLISECONDS = 253_402_300_799_999
"""The end of the year 9999."""

Instant = Annotated[int, msgspec.Meta(ge=0, le=_LATEST_MILLISECONDS)]
CommaList = Annotated[str, msgspec.Meta(max_length=4000)]


class WalletNotFound(KryptosError):
    """A wallet id that is none of this user's connections."""

    code: ClassVar[str] = "WALLET_NOT_FOUND"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    default_message: ClassVar[str] = (
        "There is no such wallet. `GET /api/v1/integrations` lists those there are."
    )


class TransactionsQuery(msgspec.Struct, kw_only=True):
    """``walletId``, ``currencyId``, ``label`` and ``transactionType`` take lists with commas; times are Unix ms."""

    walletId: CommaList | None = None  # noqa: N815
    currencyId: CommaList | None = None  # noqa: N815
    trxId: Annotated[str, msgspec.Meta(max_length=200)] | None = None  # noqa: N815
    isNft: Flag | None = None  # noqa: N815
    isMissingPrice: Flag | None = None  # noqa: N815
    isMissingPurchase: Flag | None = None  # noqa: N815
    isEdited: Flag | None = None  # noqa: N815
    isManual: Flag | None = None  # noqa: N815
    isSpam: Flag = "false"  # noqa: N815
    transactionType: CommaList | None = None  # noqa: N815
    label: CommaList | None = None
    order: Literal["asc", "desc"] = "desc"
    timeStart: Instant | None = None  # noqa: N815
    timeEnd: Instant | None = None  # noqa: N815
    limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 100
    offset: Annotated[int, msgspec.Meta(ge=0, le=10_000_000)] = 0


class LegOut(msgspec.Struct, kw_only=True, gc=False):
    """One movement of value; ``price`` of one unit then, null when it is not known."""

    asset: AssetOut
    quantity: Decimal
    price: Decimal | None
    baseCurrency: str = "USD"  # noqa: N815
    timestamp: int
    type: LegDirection
    toAccount: AccountOut | msgspec.UnsetType = msgspec.UNSET  # noqa: N815
    fromAccount: AccountOut | msgspec.UnsetType = msgspec.UNSET  # noqa: N815


class MetadataOut(msgspec.Struct, kw_only=True, gc=False):
    """How a transaction came here and what is known of it."""

    importSource: Literal["API", "CSV", "Manual"] = "API"  # noqa: N815
    importWalletId: str  # noqa: N815
    isManual: bool  # noqa: N815
    isEdited: bool  # noqa: N815
    isDefiTrx: bool = False  # noqa: N815
    isNFTTrx: bool  # noqa: N815
    isMissingPrice: bool  # noqa: N815
    hasFailed: bool  # noqa: N815


class TransactionOut(msgspec.Struct, kw_only=True, gc=False):
    """What happened in one transaction. ``transactionPlatfromId`` (documented spelling) is its hash."""

    id: str
    transactionPlatfromId: str  # noqa: N815
    timestamp: int
    label: str
    transactionType: TransactionType  # noqa: N815
    description: str
    incomingAssets: list[LegOut]  # noqa: N815
    outgoingAssets: list[LegOut]  # noqa: N815
    fee: list[LegOut]
    metadata: MetadataOut
    totalCostbasis: Decimal | None = None  # noqa: N815
    totalGains: Decimal | None = None  # noqa: N815
    tags: list[str]
    ledger: list[Any]
    rawTrx: dict[str, Any]  # noqa: N815


class OffsetsOut(msgspec.Struct, kw_only=True):
    """Where a page stands."""

    limit: int
    offset: int
    returned_count: int
    totalCount: int  # noqa: N815
    hasNextPage: bool  # noqa: N815
    hasPreviousPage: bool  # noqa: N815


class TransactionsOut(msgspec.Struct, kw_only=True):
    """A page of transactions, by time."""

    message: str = "User transactions retrieved successfully"
    data: list[TransactionOut]
    pagination: OffsetsOut
    user_id: str
    timestamp: int


async def list_transactions(call: DataCall, query: TransactionsQuery) -> TransactionsOut:
    """List the user's transactions, the newest first unless asked otherwise; what is taken for spam only on request.

    Cost basis and gains are null until they are computed.
    """
    access = call.access
    wanted = _filter(query)

    async def work(uow: Uow) -> tuple[TransactionsPage, dict[str, Integration], int]:
        accounts = await integrations.list_all(uow, workspace_id=access.workspace_id, mode=access.mode)
        known = {each.id: each for each in accounts}
        if not known.keys() >= set(wanted.integration_ids):
            raise WalletNotFound
        page = await ledger.list_transactions(
            uow,
            workspace_id=access.workspace_id,
            mode=access.mode,
            wanted=wanted,
            order=Order(query.order),
            limit=query.limit,
            offset=query.offset,
        )
        return page, known, milliseconds(uow.now)

    page, accounts, now = await call.services.database.execute(work)
    writer = _Writer(accounts, base_url=call.services.settings.base_url)
    returned = len(page.items)
    return TransactionsOut(
        data=[writer.transaction(each) for each in page.items],
        pagination=OffsetsOut(
            limit=query.limit,
            offset=query.offset,
            returned_count=returned,
            totalCount=page.total_count,
            hasNextPage=query.offset + returned < page.total_count,
            hasPreviousPage=query.offset > 0,
        ),
        user_id=access.user_id,
        timestamp=now,
    )


class _Writer:
    """Writes the transactions of one page; an asset or an account is written once, however often it moves."""

    def __init__(self, accounts: dict[str, Integration], *, base_url: str) -> None:
        self._accounts = {
            each.id: AccountOut(
                provider=each.provider,
                providerPublicName=provider_name(each.provider),
                walletId=each.id,
                publicAddress=each.address,
            )
            for each in accounts.values()
        }
        self._base_url = base_url
        self._assets: dict[str, AssetOut] = {}

    def transaction(self, found: Transaction) -> TransactionOut:
        timestamp = milliseconds(found.at)
        legs: dict[LegDirection, list[LegOut]] = {"incoming": [], "outgoing": [], "fee": []}
        for leg in found.legs:
            legs[leg.direction].append(self._leg(leg, found, timestamp))
        return TransactionOut(
            id=found.id,
            transactionPlatfromId=found.platform_id,
            timestamp=timestamp,
            label=found.label,
            transactionType=found.type,
            description=describe(found),
            incomingAssets=legs["incoming"],
            outgoingAssets=legs["outgoing"],
            fee=legs["fee"],
            metadata=MetadataOut(
                importWalletId=found.integration_id,
                isManual=found.is_manual,
                isEdited=found.is_edited,
                isNFTTrx=found.is_nft,
                isMissingPrice=found.is_missing_price,
                hasFailed=found.has_failed,
            ),
            tags=[],
            ledger=[],
            rawTrx={},
        )

    def _leg(self, leg: Leg, found: Transaction, timestamp: int) -> LegOut:
        asset = self._assets.get(leg.asset.id)
        if asset is None:
            asset = self._assets[leg.asset.id] = asset_out(leg.asset, base_url=self._base_url)
        own = self._accounts[found.integration_id]
        other = (
            AccountOut(
                provider=found.chain_id,
                providerPublicName=provider_name(found.chain_id),
                publicAddress=leg.counterparty,
            )
            if leg.counterparty
            else msgspec.UNSET
        )
        comes = leg.direction == "incoming"
        return LegOut(
            asset=asset,
            quantity=leg.quantity,
            price=leg.price,
            timestamp=timestamp,
            type=leg.direction,
            toAccount=own if comes else other,
            fromAccount=other if comes else own,
        )


def _filter(query: TransactionsQuery) -> TransactionFilter:
    if query.isMissingPurchase == "true":
        raise _unknown(
            "isMissingPurchase", "Purchases are matched with the cost basis, which is not computed yet."
        )
    return TransactionFilter(
        integration_ids=_parts(query.walletId),
        currencies=_parts(query.currencyId),
        transaction_id=query.trxId,
        labels=tuple(_label(each) for each in _parts(query.label)),
        types=tuple(_type(each) for each in _parts(query.transactionType)),
        is_nft=_asked(query.isNft),
        is_missing_price=_asked(query.isMissingPrice),
        is_edited=_asked(query.isEdited),
        is_manual=_asked(query.isManual),
        includes_spam=is_set(query.isSpam),
        time_start=_instant(query.timeStart),
        time_end=_instant(query.timeEnd),
    )


def _parts(text: str | None) -> tuple[str, ...]:
    return tuple(part for each in (text or "").split(",") if (part := each.strip()))


def _asked(flag: Flag | None) -> bool | None:
    return None if flag is None else is_set(flag)


def _instant(unix_milliseconds: int | None) -> datetime | None:
    return None if unix_milliseconds is None else instant_of(unix_milliseconds)


def _label(word: str) -> str:
    if word not in LABELS:
        raise _unknown(
            "label", f"`{word}` is no label. Labels are case-sensitive, such as `Deposit` or `Swap`."
        )
    return word


def _type(word: str) -> TransactionType:
    types: dict[str, TransactionType] = {**{each: each for each in LABELS.values()}, **TYPE_ALIASES}
    if word not in types:
        raise _unknown("transactionType", f"`{word}` is no type. Types are {', '.join(sorted(types))}.")
    return types[word]


def _unknown(field: str, message: str) -> InvalidInput:
    return InvalidInput(message, details=[{"code": "invalid_value", "path": [field], "message": message}])


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/transactions",
        aliases=("/v1/transactions",),
        summary="Transactions",
        handler=list_transactions,
        reply=TransactionsOut,
        query=TransactionsQuery,
        count_rows=lambda out: len(out.data),
        auth=Auth.ACCESS_TOKEN,
        scope="transactions:read",
        family=Family.DATA,
        errors=(WalletNotFound,),
    ),
)

"""What a user holds now (contract K-242 to K-245)."""

from collections.abc import Mapping
from decimal import Context, Decimal

import msgspec

from kryptos.domains import portfolio
from kryptos.domains.integrations import Status
from kryptos.domains.portfolio import Holding, Holdings, Variant
from kryptos.infra.database import Uow
from kryptos.kernel.amount import PRECISION_DIGITS, Amount
from kryptos.surfaces.data_api.assets import AccountOut, AssetOut, asset_out, provider_name
from kryptos.surfaces.data_api.wire import Flag, milliseconds
from kryptos.surfaces.http.bodies import encode
from kryptos.surfaces.http.calls import DataCall
from kryptos.surfaces.http.endpoint import Auth, Endpoint, Family, Riding
from kryptos.surfaces.http.exchange import Rendered
from kryptos.surfaces.http.sync_words import INTEGRATION_WORDS, IntegrationWord

_FORM = "data-v1.1"
"""Raised whenever this file writes something else: what was rendered before is then not shown again."""


class HoldingsQuery(msgspec.Struct, kw_only=True):
    """``isSpam`` includes what is taken for spam; ``calculatedBalances`` is what history adds up to."""

    isSpam: Flag = "false"  # noqa: N815
    calculatedBalances: Flag = "false"  # noqa: N815


class DistributionOut(msgspec.Struct, kw_only=True):
    """The part of a holding that one connected account has."""

    quantity: Decimal
    account: AccountOut
    allocationPercentage: Decimal  # noqa: N815
    isCalculatedBalance: bool  # noqa: N815


class HoldingOut(msgspec.Struct, kw_only=True):
    """All that is held of one asset. What is not known is null, but for ``roi``, which is then 0."""

    asset: AssetOut
    totalQuantity: Decimal  # noqa: N815
    costbasis: Decimal | None
    marketPrice: Decimal | None  # noqa: N815
    marketValue: Decimal | None  # noqa: N815
    unrealizedPnL: Decimal | None  # noqa: N815
    roi: Decimal
    baseCurrency: str  # noqa: N815
    change24h: Decimal | None = msgspec.field(name="24hrChange")
    marketLinks: dict[str, str]  # noqa: N815
    hasCalculatedBalance: bool  # noqa: N815
    isMissingPrice: bool  # noqa: N815
    assetDistribution: list[DistributionOut]  # noqa: N815


class SummaryOut(msgspec.Struct, kw_only=True):
    """Totals of what is priced; ``unpricedHoldings`` is how many holdings have no part in them."""

    totalValue: Decimal | None  # noqa: N815
    totalCostBasis: Decimal | None  # noqa: N815
    totalUnrealizedPnL: Decimal | None  # noqa: N815
    roiPercentage: Decimal  # noqa: N815
    total24hrChange: Decimal | None  # noqa: N815
    baseCurrency: str  # noqa: N815
    unpricedHoldings: int  # noqa: N815


class ShortfallOut(msgspec.Struct, kw_only=True):
    """A connected account of which not everything could be read: what is shown of it is missing or old."""

    walletId: str  # noqa: N815
    status: IntegrationWord
    code: str | None
    message: str | None
    lastSyncedAt: int | None  # noqa: N815


class HoldingsOut(msgspec.Struct, kw_only=True):
    """Everything a user holds; ``timestamp`` is when it was put together, Unix milliseconds."""

    holdings: list[HoldingOut]
    summary: SummaryOut
    shortfalls: list[ShortfallOut]
    timestamp: int
    user_id: str


async def get_holdings(call: DataCall, query: HoldingsQuery) -> Rendered:
    """Return everything the user holds, the most valuable first, as last read from each connected account.

    `shortfalls` names the accounts of which something could not be read, so that an empty list is never mistaken for
    an empty account. The reply carries an ETag: send it as `If-None-Match` to be told 304 when nothing has changed.
    """
    access, services = call.access, call.services
    variant = _variant(query.isSpam, query.calculatedBalances)
    base_url = services.settings.base_url
    kept = portfolio.ridden_rendering(access.ridden)
    if kept is None:

        async def work(uow: Uow) -> portfolio.Rendering:
            def write(holdings: Holdings) -> bytes:
                out = holdings_out(
                    holdings,
                    variant=variant,
                    base_url=base_url,
                    timestamp=milliseconds(uow.now),
                )
                return encode(out)

            return await portfolio.render(
                uow,
                workspace_id=access.workspace_id,
                mode=access.mode,
                variant=variant,
                form=_form(base_url),
                write=write,
            )

        kept = await services.database.execute(work)
    return Rendered(
        body=_signed(kept.body, access.user_id), tag=f"{kept.tag}-{access.user_id[-12:]}", rows=kept.rows
    )


def _variant(is_spam: str | None, calculated_balances: str | None) -> Variant:
    return Variant(includes_spam=is_spam == "true", is_calculated=calculated_balances == "true")


def _form(base_url: str) -> str:
    """Return what tells one rendering of the same holdings from another: addresses of pictures are in it."""
    return f"{_FORM} {base_url}"


def _riding(query: Mapping[str, str], base_url: str) -> tuple[object, ...]:
    return _variant(query.get("isSpam"), query.get("calculatedBalances")).name, _form(base_url)


_BLANK = b'"user_id":""}'


def _signed(body: bytes, user_id: str) -> bytes:
    """Put the user into a rendering, which is the workspace's: its last field is left blank for that."""
    return body.removesuffix(_BLANK) + b'"user_id":' + encode(user_id) + b"}"


def holdings_out(holdings: Holdings, *, variant: Variant, base_url: str, timestamp: int) -> HoldingsOut:
    """Return holdings in the contract's words, with the user left blank."""
    return HoldingsOut(
        holdings=[
            _holding(
                each, currency=holdings.base_currency, is_calculated=variant.is_calculated, base_url=base_url
            )
            for each in holdings.items
        ],
        summary=SummaryOut(
            totalValue=_plain(holdings.total_value),
            totalCostBasis=None,
            totalUnrealizedPnL=None,
            roiPercentage=Decimal(0),
            total24hrChange=_percent(holdings.total_change_24h),
            baseCurrency=holdings.base_currency,
            unpricedHoldings=holdings.unpriced,
        ),
        shortfalls=[
            ShortfallOut(
                walletId=each.integration_id,
                status=INTEGRATION_WORDS[Status(each.status)],
                code=each.code,
                message=each.message,
                lastSyncedAt=milliseconds(each.last_synced_at) if each.last_synced_at else None,
            )
            for each in holdings.shortfalls
        ],
        timestamp=timestamp,
        user_id="",
    )


def _holding(holding: Holding, *, currency: str, is_calculated: bool, base_url: str) -> HoldingOut:
    token_id = holding.asset.token_id
    return HoldingOut(
        asset=asset_out(holding.asset, base_url=base_url),
        totalQuantity=holding.quantity.decimal,
        costbasis=None,
        marketPrice=_plain(holding.price),
        marketValue=_plain(holding.value),
        unrealizedPnL=None,
        roi=Decimal(0),
        baseCurrency=currency,
        change24h=_percent(holding.change_24h),
        marketLinks={"coingecko": f"https://www.coingecko.com/en/coins/{token_id}"} if token_id else {},
        hasCalculatedBalance=is_calculated,
        isMissingPrice=holding.price is None,
        assetDistribution=[
            DistributionOut(
                quantity=each.quantity.decimal,
                account=AccountOut(
                    provider=each.provider,
                    providerPublicName=provider_name(each.provider),
                    walletId=each.integration_id,
                ),
                allocationPercentage=_percent(each.share) or Decimal(0),
                isCalculatedBalance=is_calculated,
            )
            for each in holding.held_by
        ],
    )


def _plain(amount: Amount | None) -> Decimal | None:
    return None if amount is None else amount.decimal


_PERCENT = Decimal("0.000001")
_DECIMALS = 6
_WIDE = Context(prec=PRECISION_DIGITS + 1)
"""What almost cancels out, or rose out of nothing, makes a percentage of more digits than a context usually keeps."""


def _percent(amount: Amount | None) -> Decimal | None:
    """Return a percentage to the sixth decimal: a quotient has no last digit of its own."""
    if amount is None:
        return None
    decimal = amount.decimal
    if decimal.adjusted() >= PRECISION_DIGITS - _DECIMALS:  # then it has no sixth decimal
        return decimal
    return Decimal(str(Amount(decimal.quantize(_PERCENT, context=_WIDE))))


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/holdings",
        aliases=("/v1/holdings",),
        summary="What the user holds",
        handler=get_holdings,
        reply=HoldingsOut,
        query=HoldingsQuery,
        auth=Auth.ACCESS_TOKEN,
        scope="portfolios:read",
        family=Family.DATA,
        is_tagged=True,
        count_rows=lambda rendered: rendered.rows,
        rides=Riding(portfolio.RENDERING, _riding),
    ),
)

"""The lists of what can be connected: the public one (contract K-285), and the widget's."""

from functools import cache
from typing import Any, Literal

import msgspec

from kryptos.catalog import PROVIDERS, Provider
from kryptos.domains.integrations import Health
from kryptos.surfaces.http.calls import PublicCall
from kryptos.surfaces.http.endpoint import Auth, Endpoint, Family
from kryptos.surfaces.http.logos import logo_url
from kryptos.surfaces.http.wire import Success


class FunctionOut(msgspec.Struct, kw_only=True):
    """Something that can be read from a provider."""

    name: str
    publicName: str  # noqa: N815


class ProviderOut(msgspec.Struct, kw_only=True):
    """A provider, with the contract's field names."""

    id: str
    name: str
    publicName: str  # noqa: N815
    logo: str | None
    type: Literal["wallet", "exchange", "blockchain", "services"]
    isAPI: bool  # noqa: N815
    isCSV: bool  # noqa: N815
    isOAuth: bool  # noqa: N815
    isEVM: bool  # noqa: N815
    isWorking: bool  # noqa: N815
    communityId: int | msgspec.UnsetType = msgspec.UNSET  # noqa: N815
    importGuide: str  # noqa: N815
    functions: list[FunctionOut]
    integrationInfo: dict[str, bool]  # noqa: N815
    walletLimitations: Any | None  # noqa: N815


class OfferedProviderOut(ProviderOut, kw_only=True):
    """A provider with what the widget finds it by; ``rank`` 1 is the best known, null where nobody ranked it.

    ``health`` is ``troubled`` when most accounts there could not be read in the last hour, null where nothing is known.
    """

    symbol: str | None
    aliases: list[str]
    rank: int | None
    families: list[str]
    health: Literal["fine", "troubled"] | None


_REQUIRED = {"apiKey": "apiKeyRequired", "secretKey": "apiSecretRequired"}


def provider_out(provider: Provider, *, base_url: str = "") -> ProviderOut:
    """Return a catalogue row in the contract's words; logos are paths of this server unless its address is given."""
    return ProviderOut(
        id=provider.id,
        name=provider.id,
        publicName=provider.public_name,
        logo=logo_url(provider.logo, base_url=base_url) if provider.logo else None,
        type=provider.type,
        isAPI=provider.is_api,
        isCSV=provider.is_csv,
        isOAuth=provider.is_oauth,
        isEVM=provider.is_evm,
        isWorking=provider.is_working,
        communityId=provider.chain_id if provider.chain_id is not None else msgspec.UNSET,
        importGuide=provider.import_guide,
        functions=[FunctionOut(name=each.name, publicName=each.public_name) for each in provider.functions],
        integrationInfo={_REQUIRED[each]: True for each in provider.credentials if each in _REQUIRED},
        walletLimitations=list(provider.limitations) or None,
    )


def offered_out(provider: Provider, *, health: Health | None) -> OfferedProviderOut:
    """Return a catalogue row as the widget's list has it; logos are paths of this server."""
    return OfferedProviderOut(
        **msgspec.structs.asdict(provider_out(provider)),
        symbol=provider.symbol,
        aliases=list(provider.aliases),
        rank=provider.rank,
        families=list(provider.families),
        health=health.value if health else None,
    )


@cache
def _everything(base_url: str) -> list[ProviderOut]:
    """Return the whole list: it changes only with the program."""
    return [provider_out(each, base_url=base_url) for each in PROVIDERS]


async def list_public_integrations(call: PublicCall) -> Success[list[ProviderOut]]:
    """List everything that can be connected; no credentials needed, cacheable."""
    return Success(data=_everything(call.services.settings.base_url))


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/integrations/public/list",
        summary="List what can be connected",
        handler=list_public_integrations,
        reply=Success[list[ProviderOut]],
        auth=Auth.NONE,
        family=Family.CONNECT,
        is_cacheable=True,
        is_compressible=True,
    ),
)

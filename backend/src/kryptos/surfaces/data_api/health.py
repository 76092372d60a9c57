"""Health of the Data API (contract K-240)."""

from typing import Literal

import msgspec

from kryptos.surfaces.http.calls import PublicCall
from kryptos.surfaces.http.endpoint import Auth, Endpoint, Family
from kryptos.surfaces.http.openapi import API_VERSION


class HealthOut(msgspec.Struct, kw_only=True):
    """That the service is there; ``/readyz`` says whether it can work."""

    status: Literal["OK"] = "OK"
    service: Literal["connect-apis"] = "connect-apis"
    version: str = API_VERSION
    environment: Literal["production", "development"]


async def get_health(call: PublicCall) -> HealthOut:
    """Say that the service is there, which version of the API it speaks and in which environment."""
    return HealthOut(environment=call.services.settings.environment)


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/health",
        summary="Health",
        handler=get_health,
        reply=HealthOut,
        auth=Auth.NONE,
        family=Family.DATA,
    ),
)

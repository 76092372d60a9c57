"""Who the user is, as far as the granted scopes tell (contract K-241)."""

import msgspec

from kryptos.domains import identity
from kryptos.surfaces.http.calls import DataCall
from kryptos.surfaces.http.endpoint import Auth, Endpoint, Family


class UserInfo(msgspec.Struct, kw_only=True):
    """The user: ``sub`` needs ``openid``; name, language and limit need ``profile``; the address needs ``email``."""

    sub: str | msgspec.UnsetType = msgspec.UNSET
    name: str | msgspec.UnsetType | None = msgspec.UNSET
    email: str | msgspec.UnsetType | None = msgspec.UNSET
    email_verified: bool | msgspec.UnsetType = msgspec.UNSET
    preferred_username: str | msgspec.UnsetType | None = msgspec.UNSET
    language: str | msgspec.UnsetType = msgspec.UNSET
    transaction_limit: int | msgspec.UnsetType | None = msgspec.UNSET


class UserInfoOut(msgspec.Struct, kw_only=True):
    """The user and the scopes that were granted."""

    message: str = "User information retrieved successfully"
    userInfo: UserInfo  # noqa: N815
    scopes: list[str]


async def get_userinfo(call: DataCall) -> UserInfoOut:
    """Return the user that granted access. Fields outside the granted scopes are left out; unknown ones are null."""
    access = call.access
    user = await identity.read_profile(call.services.reader, user_id=access.user_id)
    out = UserInfo()
    if "openid" in access.scopes:
        out.sub = user.id
    if "profile" in access.scopes:
        out.name = user.name
        out.preferred_username = user.email if "email" in access.scopes else None
        out.language = user.language
        out.transaction_limit = None
    if "email" in access.scopes:
        out.email = user.email
        out.email_verified = user.email is not None
    return UserInfoOut(userInfo=out, scopes=list(access.scopes))


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/userinfo",
        aliases=("/v1/userinfo",),
        summary="Who the user is",
        handler=get_userinfo,
        reply=UserInfoOut,
        auth=Auth.ACCESS_TOKEN,
        scope="users:read",
        family=Family.DATA,
    ),
)

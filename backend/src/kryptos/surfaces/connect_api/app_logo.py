"""The logo of an app, fetched by this server: a page of ours asks nobody else for a picture."""

import msgspec

from kryptos.domains import connect
from kryptos.domains.connect import AppLogo, LinkSession, NotAPicture, Picture
from kryptos.infra.database import Uow
from kryptos.infra.http_client.errors import CouldNotLook
from kryptos.infra.settings import Settings
from kryptos.surfaces.http import limits
from kryptos.surfaces.http.app_logos import APP_LOGO_PATH
from kryptos.surfaces.http.calls import NetworkCall
from kryptos.surfaces.http.endpoint import Auth, Endpoint, Family
from kryptos.surfaces.http.wire import Success

_LARGEST_BYTES = 262_144
_TIMEOUT_SECONDS = 4


class AppLogoIn(msgspec.Struct, kw_only=True):
    """The `https://` address of a PNG, JPEG, WebP, GIF or SVG picture of at most 256 KiB."""

    url: str


class AppLogoOut(msgspec.Struct, kw_only=True):
    """Where the picture stands on this server; null where there is none to show."""

    logo: str | None


async def fetch_app_logo(call: NetworkCall, body: AppLogoIn) -> Success[AppLogoOut]:
    """Fetch the app's logo, once a day for all of its sessions, and say where it stands.

    An address that gives no picture is no error of the person's: the answer is `null`, and the session's record says
    why (`app_logo_failed`).
    """
    limits.take(call.services.limiter, limits.LOGOS, call.session.id)
    session, url, database = call.session, body.url, call.services.database

    async def look(uow: Uow) -> AppLogo | None:
        return await connect.find_fresh_logo(uow, session=session, url=url)

    logo = await database.execute(look)
    if logo is None:
        found = await _fetched(call, url)

        async def keep(uow: Uow) -> AppLogo:
            return await connect.keep_app_logo(uow, session=session, url=url, found=found)

        logo = await database.execute(keep)
    return Success(data=AppLogoOut(logo=f"{APP_LOGO_PATH}/{logo.sha256}" if logo.sha256 else None))


async def _fetched(call: NetworkCall, url: str) -> Picture | str:
    try:
        content = await call.services.public_web.fetch(
            url,
            limit_bytes=_LARGEST_BYTES,
            timeout_seconds=_TIMEOUT_SECONDS,
            loopback_origins=_loopback_origins(call.services.settings, call.session),
        )
        return connect.picture_of(content)
    except (CouldNotLook, NotAPicture) as error:
        return error.message


def _loopback_origins(settings: Settings, session: LinkSession) -> tuple[str, ...]:
    """Return the app's own origins while it is being developed: its logo then stands on the developer's machine."""
    return session.client.allowed_origins if settings.environment == "development" else ()


ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/link-token/app-logo",
        summary="Fetch the app's logo",
        handler=fetch_app_logo,
        body=AppLogoIn,
        reply=Success[AppLogoOut],
        auth=Auth.LINK_TOKEN,
        family=Family.CONNECT,
        is_networked=True,
    ),
)

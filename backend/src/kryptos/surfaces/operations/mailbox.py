"""The demo's mailbox: mail that this server would have sent, on a page."""

from html import escape

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from kryptos.infra.mail import KeptMail, list_mails
from kryptos.surfaces.http.services import Services
from kryptos.surfaces.operations.pages import page


def mailbox_routes(services: Services) -> list[HTTPRouteHandler]:
    """Return ``/mailbox``, where the settings keep mail instead of sending it; nothing elsewhere."""
    if not services.settings.mailbox:
        return []

    @get("/mailbox", include_in_schema=False)
    async def mailbox() -> Response[str]:
        mails = await services.database.execute(list_mails)
        body = "".join(_article(mail) for mail in mails) or _EMPTY
        return page("Mailbox", f"<h1>Mailbox</h1><p>{_LEAD}</p>{body}", refresh_seconds=5)

    return [mailbox]


_LEAD = "Mail is kept here instead of being sent (KRYPTOS_MAILBOX). Newest first; the page renews itself."
_EMPTY = "<p class='empty'>No mail yet. Ask for a sign-in code, then look here again.</p>"


def _article(kept: KeptMail) -> str:
    return (
        f"<article><h2>{escape(kept.mail.subject)}</h2>"
        f"<p class='meta'>To {escape(kept.mail.to)} · {kept.sent_at:%Y-%m-%d %H:%M:%S} UTC</p>"
        f"<pre>{escape(kept.mail.text)}</pre></article>"
    )

"""The logos of apps: fetched once a day for all sessions of a client, kept by the hash of their bytes."""

import hashlib
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on, insert

from kryptos.domains.connect import policy
from kryptos.domains.connect._tables import app_logos
from kryptos.domains.connect.contracts import AppLogo, LinkSession, Picture
from kryptos.domains.connect.engine.picture import media_type_of
from kryptos.domains.connect.service.append_event import append_event
from kryptos.infra.database import Uow


def picture_of(content: bytes) -> Picture:
    """Return bytes as the picture they are; raise ``NotAPicture``."""
    return Picture(media_type_of(content), content, hashlib.sha256(content).hexdigest())


async def find_fresh_logo(uow: Uow, *, session: LinkSession, url: str) -> AppLogo | None:
    """Return what came of fetching this address of late; None: it is to be fetched."""
    mine = app_logos.c
    row = await uow.first(
        sa.select(mine.sha256, mine.failure).where(
            mine.client_id == session.client.id,
            mine.url_digest == _digest(url),
            mine.fetched_at
            > sa.case(
                (mine.sha256.is_(None), uow.now - policy.LOGO_FAILURE_FRESH_FOR),
                else_=uow.now - policy.LOGO_FRESH_FOR,
            ),
        )
    )
    if row is None:
        return None
    await _note_failure(uow, session, row.failure)
    return AppLogo(row.sha256, row.failure)


async def keep_app_logo(uow: Uow, *, session: LinkSession, url: str, found: Picture | str) -> AppLogo:
    """Keep what came of fetching an address: a picture, or a sentence for the developer why there is none."""
    picture = found if isinstance(found, Picture) else None
    failure = found if isinstance(found, str) else None
    values: dict[str, object] = {
        "sha256": picture.sha256 if picture else None,
        "media_type": picture.media_type if picture else None,
        "content": picture.content if picture else None,
        "failure": failure,
        "fetched_at": uow.now,
    }
    mine = app_logos.c
    await uow.execute(
        insert(app_logos)
        .values(client_id=session.client.id, url_digest=_digest(url), **values)
        .on_conflict_do_update(index_elements=["client_id", "url_digest"], set_=values)
    )
    too_many = (
        sa.select(mine.url_digest)
        .where(mine.client_id == session.client.id)
        .order_by(mine.fetched_at.desc(), mine.url_digest)
        .offset(policy.LOGOS_PER_CLIENT)
    )
    await uow.execute(
        sa.delete(app_logos).where(mine.client_id == session.client.id, mine.url_digest.in_(too_many))
    )
    await _note_failure(uow, session, failure)
    return AppLogo(picture.sha256 if picture else None, failure)


async def find_app_logo(uow: Uow, *, sha256: str) -> Picture | None:
    """Return a picture by its hash."""
    row = await uow.first(sa.select(app_logos).where(app_logos.c.sha256 == sha256).limit(1))
    return None if row is None else Picture(row.media_type, row.content, row.sha256)


async def list_newest_logos(uow: Uow, *, client_ids: Sequence[str]) -> dict[str, str]:
    """Return the name of the picture that was last fetched for each of these clients, those without one left out."""
    mine = app_logos.c
    rows = await uow.all(
        sa.select(mine.client_id, mine.sha256)
        .where(mine.client_id.in_(list(client_ids)), mine.sha256.is_not(None))
        .order_by(mine.client_id, mine.fetched_at.desc(), mine.sha256)
        .ext(distinct_on(mine.client_id))
    )
    return {row.client_id: row.sha256 for row in rows}


async def prune_app_logos(uow: Uow) -> int:
    """Delete pictures that no session has asked for in a week; return how many."""
    gone = await uow.execute(
        sa.delete(app_logos).where(app_logos.c.fetched_at <= uow.now - policy.LOGO_KEPT_FOR)
    )
    return gone.rowcount


def _digest(url: str) -> bytes:
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).digest()


async def _note_failure(uow: Uow, session: LinkSession, failure: str | None) -> None:
    if failure is not None:
        await append_event(uow, session_id=session.id, name="app_logo_failed", details={"reason": failure})

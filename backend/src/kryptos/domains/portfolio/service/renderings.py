"""Renderings: holdings as a surface wrote them, kept until something that they show has changed."""

import hashlib
from collections.abc import Callable, Mapping

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from kryptos.domains import prices
from kryptos.domains.clients import Mode
from kryptos.domains.portfolio._tables import holdings_renderings, portfolio_versions
from kryptos.domains.portfolio.contracts import Holdings, Rendering, Variant
from kryptos.domains.portfolio.service.holdings import get_holdings
from kryptos.domains.workspaces import hold_workspace
from kryptos.infra.database import Uow

_TAG_CHARACTERS = 32


def ridden_rendering(ridden: Mapping[str, object]) -> Rendering | None:
    """Return what ``RENDERING`` read: None if what a workspace holds or a price has changed since it was kept."""
    body, tag, rows = ridden["rendering_body"], ridden["rendering_tag"], ridden["rendering_rows"]
    if isinstance(body, bytes) and isinstance(tag, str) and isinstance(rows, int):
        return Rendering(body, tag, rows)
    return None


async def render(
    uow: Uow,
    *,
    workspace_id: str,
    mode: Mode,
    variant: Variant,
    form: str,
    write: Callable[[Holdings], bytes],
) -> Rendering:
    """Compute the holdings, let the surface write them, and keep that for the next reader.

    Version and epoch are read first: what changes while this computes makes the rendering old at once. Of a workspace
    that has just been erased nothing is kept.
    """
    is_there = await hold_workspace(uow, workspace_id=workspace_id)
    version = await _version(uow, workspace_id, mode) if is_there else 0
    epoch = 0 if mode is Mode.SANDBOX else await prices.get_epoch(uow)
    holdings = await get_holdings(uow, workspace_id=workspace_id, mode=mode, variant=variant)
    body = write(holdings)
    tag = hashlib.sha256(body).hexdigest()[:_TAG_CHARACTERS]
    rendering = Rendering(body=body, tag=tag, rows=len(holdings.items))
    if not is_there:
        return rendering
    kept = {
        "format": form,
        "version": version,
        "price_epoch": epoch,
        "body": body,
        "tag": tag,
        "rows": len(holdings.items),
        "rendered_at": uow.now,
    }
    key = {"workspace_id": workspace_id, "mode": mode.value, "variant": variant.name}
    await uow.execute(
        insert(holdings_renderings)
        .values({**key, **kept})
        .on_conflict_do_update(index_elements=list(key), set_=kept)
    )
    return rendering


async def touch(uow: Uow, *, workspace_id: str, mode: Mode) -> None:
    """Say that what a workspace holds, or what is to be said of it, has changed."""
    statement = insert(portfolio_versions).values(workspace_id=workspace_id, mode=mode.value, version=1)
    await uow.execute(
        statement.on_conflict_do_update(
            index_elements=["workspace_id", "mode"], set_={"version": portfolio_versions.c.version + 1}
        )
    )


async def forget_renderings(uow: Uow, *, workspace_id: str, mode: Mode) -> None:
    """Delete what was rendered: something that it shows is to be nowhere any more."""
    await touch(uow, workspace_id=workspace_id, mode=mode)
    await uow.execute(
        sa.delete(holdings_renderings).where(
            holdings_renderings.c.workspace_id == workspace_id, holdings_renderings.c.mode == mode.value
        )
    )


async def _version(uow: Uow, workspace_id: str, mode: Mode) -> int:
    """Return the version; a workspace that never had one gets its first, so that it too is found rendered.

    Until the rendering is kept nothing may raise it: whoever forgets renderings then finds this one as well.
    """
    await uow.execute(
        insert(portfolio_versions)
        .values(workspace_id=workspace_id, mode=mode.value, version=0)
        .on_conflict_do_nothing()
    )
    row = await uow.first(
        sa.select(portfolio_versions.c.version)
        .where(portfolio_versions.c.workspace_id == workspace_id, portfolio_versions.c.mode == mode.value)
        .with_for_update(read=True)
    )
    return row.version if row else 0

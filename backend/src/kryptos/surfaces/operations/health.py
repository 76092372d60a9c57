"""Liveness and readiness: is the process there, can it work, and if not, why."""

import asyncio
from datetime import timedelta

import asyncpg
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from kryptos.infra.database import Uow
from kryptos.infra.migrations import REVISION_QUERY, head_revision
from kryptos.infra.queue import find_last_worker_sign
from kryptos.kernel.errors import Unavailable
from kryptos.surfaces.http.services import Services

_PATIENCE_SECONDS = 3
_WORKER_SILENT_AFTER = timedelta(seconds=60)


def health_routes(services: Services) -> list[HTTPRouteHandler]:
    """Return ``/livez`` and ``/readyz``."""
    head = head_revision()

    @get("/livez", include_in_schema=False)
    async def liveness() -> dict[str, str]:
        return {"status": "alive"}

    @get("/readyz", include_in_schema=False)
    async def readiness() -> Response[dict[str, object]]:
        # Both at once: whoever asks for readiness, asks often and waits briefly.
        database, worker = await asyncio.gather(_check_database(services, head), _check_worker(services))
        checks = {"database": database, "worker": worker}
        is_ready = checks["database"] == "ok"  # without a worker calls are still answered: told, not refused
        return Response(
            {"status": "ready" if is_ready else "not ready", "checks": checks},
            status_code=200 if is_ready else 503,
            headers={"Cache-Control": "no-store"},
        )

    return [liveness, readiness]


async def _check_database(services: Services, head: str | None) -> str:
    try:
        row = await asyncio.wait_for(services.reader.fetchrow(REVISION_QUERY), _PATIENCE_SECONDS)
    except (Unavailable, TimeoutError):
        return "cannot be reached"
    except asyncpg.UndefinedTableError:
        row = None
    revision = row["version_num"] if row else None
    return "ok" if revision == head else f"schema is at {revision}, not {head}: run `kryptos migrate`"


async def _check_worker(services: Services) -> str:
    async def work(uow: Uow) -> timedelta | None:
        seen_at = await find_last_worker_sign(uow)
        return uow.now - seen_at if seen_at else None

    try:
        silent = await asyncio.wait_for(services.database.execute(work), _PATIENCE_SECONDS)
    except (Unavailable, TimeoutError):
        return "unknown"
    except Exception:  # noqa: BLE001  # a schema that is not there yet: said above
        return "unknown"
    if silent is None:
        return "none has been seen: start `kryptos worker`, mail and clean-up wait for it"
    if silent > _WORKER_SILENT_AFTER:
        return f"silent for {int(silent.total_seconds())} seconds: is `kryptos worker` running?"
    return "ok"

"""Whether the schema of a database is what the code says it is."""

from importlib import import_module  # noqa: TID251 - every table there is, listed or not
from pkgutil import walk_packages

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.ext.asyncio import create_async_engine

import kryptos
from kryptos.infra.database import metadata


async def schema_differences(database_url: str) -> list[object]:
    """Return what differs between a database and the tables of the code: nothing, or the schema is another."""
    for module in walk_packages(kryptos.__path__, "kryptos."):
        if module.name.endswith("tables"):
            import_module(module.name)
    engine = create_async_engine(sa.engine.make_url(database_url).set(drivername="postgresql+asyncpg"))
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_differences)
    finally:
        await engine.dispose()


def _differences(connection: sa.Connection) -> list[object]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True, "target_metadata": metadata}
    )
    return [*compare_metadata(context, metadata)]

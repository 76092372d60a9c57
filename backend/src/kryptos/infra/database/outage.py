"""What says that the database is away or refuses us, not that a statement is wrong: the same work may succeed later."""

import asyncpg
import sqlalchemy as sa

LATE = (TimeoutError, sa.exc.TimeoutError)
"""Nothing came in time, from the server or from the pool: whoever asked has waited long enough to be told so."""

GONE = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a statement that meets a connection while the server is ending it
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.ReadOnlySQLTransactionError,
)
"""As the driver tells it; the last three while a database is being set up, moved or failed over."""

_GONE_CLASSES = {"08", "28", "3D", "53", "57"}
"""The same in SQLSTATE classes (PostgreSQL, appendix A): connection, authorization, catalog, resources, operator."""
_RETRIED = {"40001", "40P01", "25006"}
"""Serialization failure, deadlock, a standby that is not the primary yet: safe to run again from the start."""


def is_passing(error: Exception) -> bool:
    """Say whether the failure was the database's or the wire's, not the statement's."""
    if not isinstance(error, sa.exc.DBAPIError):
        return isinstance(error, (sa.exc.TimeoutError, *GONE))
    sqlstate = getattr(error.orig, "sqlstate", None) or ""
    return error.connection_invalidated or sqlstate in _RETRIED or sqlstate[:2] in _GONE_CLASSES

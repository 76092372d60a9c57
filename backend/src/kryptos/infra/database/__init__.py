"""PostgreSQL: one unit of work is one transaction; the two hottest reads go over held, prepared connections."""

from kryptos.infra.database.barrier import list_transactions_under_way, outlast_transactions
from kryptos.infra.database.tables import metadata
from kryptos.infra.database.uow import Database, Event, Origin, Uow

__all__ = [
    "Database",
    "Event",
    "Origin",
    "Uow",
    "list_transactions_under_way",
    "metadata",
    "outlast_transactions",
]

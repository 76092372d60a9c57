"""Export: one JSON document of everything that is kept of a person, written as it is read.

Each page is a transaction of its own, so an export of any size holds neither a snapshot nor more than a page of rows.
Pages follow keys that never change; of transactions, whose place can change, the keys are taken at the beginning. So
what was there then and still is, is told, and told once.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from typing import Any

import msgspec

from kryptos.domains import (
    audit,
    clients,
    connect,
    grants,
    identity,
    integrations,
    ledger,
    portfolio,
    sync,
    workspaces,
)
from kryptos.domains.privacy.contracts import Transactions
from kryptos.infra import mail
from kryptos.infra.database import Uow

FORMAT = "kryptos-export"
VERSION = 1
_PAGE = 500
_SESSIONS = 10  # each may have five hundred events of two kilobytes
_ABOUT = (
    "Everything that this service keeps about you. Times are UTC, quantities and prices are exact decimals written as "
    "text. Tokens, codes and keys are not in it: of those only digests are kept, which tell nothing."
)

Row = dict[str, Any]
Rows = AsyncIterator[Row]
Tell = Callable[..., Awaitable[list[Row]]]


async def export_parts(database: Transactions, *, user_id: str) -> AsyncGenerator[bytes, None]:
    """Give the document in parts; raise ``UserNotFound`` before the first of them."""
    selves = await database.execute(partial(identity.list_selves, user_id=user_id))
    told = _Told(database, [each.id for each in selves], [each.email for each in selves if each.email])
    exported_at = await database.execute(_now)
    head = {"format": FORMAT, "version": VERSION, "exported_at": exported_at, "about": _ABOUT}
    yield msgspec.json.encode(head)[:-1]
    counts: dict[str, int] = {}
    for name, rows in told.sections():
        yield b',\n"%s":[' % name.encode()
        counts[name] = 0
        async for row in rows:
            yield (b",\n" if counts[name] else b"\n") + msgspec.json.encode(row)
            counts[name] += 1
        yield b"]"
    yield b',\n"counts":' + msgspec.json.encode(counts) + b"}\n"


class _Told:
    """What is told of one person, section by section."""

    def __init__(self, database: Transactions, user_ids: Sequence[str], emails: Sequence[str]) -> None:
        self._database = database
        self._user_ids = user_ids
        self._emails = emails
        self._grants: list[Row] = []
        self._connections: list[Row] = []
        self._sessions: list[str] = []

    def sections(self) -> Sequence[tuple[str, Rows]]:
        """Return the sections in their order; a later one may need what an earlier one has found."""
        people, emails = {"user_ids": self._user_ids}, {"emails": self._emails}
        return (
            ("person", self._all(identity.export_users, **people)),
            ("addresses", self._all(identity.export_addresses, **emails)),
            ("workspaces", self._all(workspaces.export_memberships, **people)),
            ("account_sessions", self._all(identity.export_account_sessions, **people)),
            ("sign_in_codes", self._all(identity.export_sign_ins, **emails)),
            ("mails", self._all(mail.export_mails, **emails)),
            ("grants", self._of_grants()),
            ("access_tokens", self._per_grant(grants.export_access_tokens)),
            ("consent_receipts", self._per_grant(grants.export_receipts)),
            ("access_records", self._accesses()),
            ("link_sessions", self._of_sessions()),
            ("connection_tests", self._tests()),
            ("connections", self._of_connections()),
            ("sync_cursors", self._per_connection(sync.export_cursors)),
            ("balances", self._balances()),
            ("transactions", self._transactions()),
            ("audit_records", self._audit()),
        )

    async def _all(self, tell: Tell, **whose: object) -> Rows:
        for row in await self._database.execute(partial(tell, **whose)):
            yield row

    async def _pages(self, tell: Tell, *, key: str = "id", limit: int = _PAGE, **whose: object) -> Rows:
        after = ""
        while True:
            rows = await self._database.execute(partial(tell, after=after, limit=limit, **whose))
            for row in rows:
                yield row
            if len(rows) < limit:
                return
            after = rows[-1][key]

    async def _of_grants(self) -> Rows:
        names: dict[str, str | None] = {}
        async for row in self._pages(grants.export_grants, user_ids=self._user_ids):
            client_id = row["client_id"]
            if client_id not in names:
                names[client_id] = await self._database.execute(partial(_app_name, client_id=client_id))
            self._grants.append(row)
            yield {**row, "app_name": names[client_id]}

    async def _per_grant(self, tell: Tell) -> Rows:
        for grant in self._grants:
            async for row in self._all(tell, grant_id=grant["id"]):
                yield row

    async def _accesses(self) -> Rows:
        for grant in self._grants:
            async for row in self._pages(grants.export_accesses, grant_id=grant["id"]):
                yield row

    async def _of_sessions(self) -> Rows:
        async for row in self._pages(connect.export_sessions, limit=_SESSIONS, user_ids=self._user_ids):
            self._sessions.append(row["id"])
            yield row

    async def _tests(self) -> Rows:
        async for row in self._all(sync.export_tests, session_ids=self._sessions):
            yield row

    async def _of_connections(self) -> Rows:
        async for row in self._pages(integrations.export_integrations, user_ids=self._user_ids):
            self._connections.append(row)
            yield row

    async def _per_connection(self, tell: Tell) -> Rows:
        for connection in self._connections:
            async for row in self._all(tell, integration_id=connection["id"]):
                yield row

    async def _balances(self) -> Rows:
        for connection in self._connections:
            pages = self._pages(portfolio.export_balances, key="asset_id", integration_id=connection["id"])
            async for row in pages:
                yield row

    async def _transactions(self) -> Rows:
        step = _PAGE * ledger.KEY_BYTES
        for connection in self._connections:
            keys = await self._database.execute(
                partial(ledger.list_transaction_keys, integration_id=connection["id"])
            )
            for start in range(0, len(keys), step):
                page = keys[start : start + step]
                for row in await self._database.execute(partial(ledger.export_transactions, keys=page)):
                    yield row

    async def _audit(self) -> Rows:
        for user_id in self._user_ids:
            async for row in self._pages(audit.export_records, user_id=user_id):
                yield row


async def _now(uow: Uow) -> object:
    return uow.now


async def _app_name(uow: Uow, *, client_id: str) -> str | None:
    try:
        return (await clients.get_client(uow, client_id=client_id)).name
    except clients.ClientNotFound:
        return None

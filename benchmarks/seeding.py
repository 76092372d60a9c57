"""A database of realistic size: many people, grants and tokens, so that reads must find theirs through an index."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import asyncpg

from kryptos.domains import clients, workspaces
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.clients import DEFAULT_SCOPES, CreatedClient
from kryptos.infra.database import Database, Uow
from kryptos.infra.secrets import TokenHasher
from kryptos.kernel.clock import SystemClock
from kryptos.kernel.ids import new_id, system_random

_APPS = 20
_YEARS = timedelta(days=365 * 15)


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was made, as far as callers need it."""

    client_id: str
    client_secret: str
    """Of an app that creates link tokens and exchanges ``public_tokens``; it has no grant yet."""
    access_tokens: tuple[str, ...]
    """One each of as many people and workspaces, spread over other apps."""
    public_tokens: tuple[str, ...]


async def seed(url: str, hasher: TokenHasher, *, people: int, public_tokens: int) -> Seeded:
    """Fill a migrated, empty database: ``people`` grants with a token each, and public tokens to exchange."""
    database = Database(url, clock=SystemClock(), hasher=hasher)
    try:
        caller = await database.execute(_create_app)
        apps = [(await database.execute(_create_app)).client.id for _ in range(_APPS)]
    finally:
        await database.close()
    bulk = _Bulk(hasher, datetime.now(UTC))
    access_tokens = [bulk.add_person(apps[number % _APPS], number) for number in range(people)]
    exchangeable = [bulk.add_public_token(caller.client.id, number) for number in range(public_tokens)]
    await bulk.write(url)
    return Seeded(
        client_id=caller.client.id,
        client_secret=caller.client_secret,
        access_tokens=tuple(access_tokens),
        public_tokens=tuple(exchangeable),
    )


async def _create_app(uow: Uow) -> CreatedClient:
    workspace = await workspaces.create_workspace(uow, actor=Actor(ActorKind.OPERATOR), name="Developers")
    return await clients.create_client(uow, workspace_id=workspace.id, name="An app")


class _Bulk:
    """Rows by table, written with COPY: use cases one by one would take minutes."""

    def __init__(self, hasher: TokenHasher, now: datetime) -> None:
        self._hasher = hasher
        self._now = now
        self._rows: dict[str, list[dict[str, object]]] = {}
        self._people: list[tuple[str, str]] = []

    def add_person(self, client_id: str, number: int) -> str:
        """Add a person with a workspace and a grant to an app, and return the access token."""
        now, token = self._now, f"cat_{secrets.token_urlsafe(32)}"
        user, workspace, grant = self._id("user"), self._id("ws"), self._id("cgrant")
        self._people.append((user, workspace))
        self._add(
            "users",
            id=user,
            email=f"person{number}@example.com",
            name=f"Person {number}",
            language="en",
            created_at=now,
        )
        self._add("workspaces", id=workspace, name="My Workspace", base_currency="USD", created_at=now)
        self._add("memberships", user_id=user, workspace_id=workspace, role="owner", created_at=now)
        self._add(
            "grants",
            id=grant,
            client_id=client_id,
            user_id=user,
            workspace_id=workspace,
            scopes=list(DEFAULT_SCOPES),
            created_at=now,
            consented_at=now,
            expires_at=now + _YEARS,
        )
        self._add(
            "access_tokens",
            id=self._id("at"),
            grant_id=grant,
            token_hash=self._hasher.hash(token),
            key_id=self._hasher.key_id,
            created_at=now,
            expires_at=now + _YEARS,
        )
        return token

    def add_public_token(self, client_id: str, number: int) -> str:
        """Add a session that a person has consented in and completed, and return its public token."""
        now, token = self._now, f"public_{secrets.token_urlsafe(32)}"
        user, workspace = self._people[number % len(self._people)]
        session = self._id("ls")
        self._add(
            "link_sessions",
            id=session,
            client_id=client_id,
            token_hash=self._hasher.hash(f"link_{token}"),
            key_id=self._hasher.key_id,
            scopes=list(DEFAULT_SCOPES),
            is_resumed=False,
            user_id=user,
            workspace_id=workspace,
            consented_scopes=list(DEFAULT_SCOPES),
            consented_at=now,
            created_at=now,
            expires_at=now + timedelta(hours=1),
            ended_at=now,
        )
        self._add(
            "public_tokens",
            token_hash=self._hasher.hash(token),
            key_id=self._hasher.key_id,
            session_id=session,
            client_id=client_id,
            created_at=now,
            expires_at=now + timedelta(hours=1),
        )
        return token

    async def write(self, url: str) -> None:
        """Write every row and let the planner look at the tables."""
        connection = await asyncpg.connect(url)
        try:
            for table, rows in self._rows.items():
                columns = tuple(rows[0])
                await connection.copy_records_to_table(table, records=_records(rows), columns=columns)
            await connection.execute("VACUUM ANALYZE")
        finally:
            await connection.close()

    def _add(self, table: str, **row: object) -> None:
        self._rows.setdefault(table, []).append(row)

    def _id(self, prefix: str) -> str:
        return new_id(prefix, self._now, system_random)


def _records(rows: Sequence[dict[str, object]]) -> Iterable[tuple[object, ...]]:
    return (tuple(row.values()) for row in rows)

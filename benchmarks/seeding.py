"""A database of realistic size: many people, grants and tokens, so that reads must find theirs through an index."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from benchmarks.bulk import Bulk
from kryptos.domains import clients, workspaces
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.clients import DEFAULT_SCOPES, CreatedClient, Mode
from kryptos.infra.database import Database, Uow
from kryptos.infra.secrets import TokenHasher
from kryptos.kernel.clock import SystemClock

_APPS = 20
_YEARS = timedelta(days=365 * 15)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a workspace, and the access token that an app has for it."""

    user_id: str
    workspace_id: str
    access_token: str


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was made, as far as callers need it."""

    client_id: str
    client_secret: str
    """Of an app that creates link tokens and exchanges ``public_tokens``; it has no grant yet."""
    people: tuple[Person, ...]
    """Spread over other apps, which are in production."""
    public_tokens: tuple[str, ...]


async def seed(url: str, hasher: TokenHasher, *, people: int, public_tokens: int) -> Seeded:
    """Fill a migrated, empty database: ``people`` grants with a token each, and public tokens to exchange."""
    database = Database(url, clock=SystemClock(), hasher=hasher)
    try:
        caller = await database.execute(_create_app)
        apps = [(await database.execute(_create_app)).client.id for _ in range(_APPS)]
    finally:
        await database.close()
    crowd = _Crowd(hasher, Bulk(datetime.now(UTC)))
    for number in range(people):
        crowd.add_person(apps[number % _APPS], number)
    exchangeable = [crowd.add_public_token(caller.client.id, number) for number in range(public_tokens)]
    await crowd.bulk.write(url)
    return Seeded(
        client_id=caller.client.id,
        client_secret=caller.client_secret,
        people=tuple(crowd.people),
        public_tokens=tuple(exchangeable),
    )


async def _create_app(uow: Uow) -> CreatedClient:
    workspace = await workspaces.create_workspace(uow, actor=Actor(ActorKind.OPERATOR), name="Developers")
    return await clients.create_client(uow, workspace_id=workspace.id, name="An app", mode=Mode.PRODUCTION)


class _Crowd:
    """People, their grants, and sessions that are done."""

    def __init__(self, hasher: TokenHasher, bulk: Bulk) -> None:
        self._hasher = hasher
        self.bulk = bulk
        self.people: list[Person] = []

    def add_person(self, client_id: str, number: int) -> None:
        """Add a person with a workspace and a grant to an app."""
        bulk, now, token = self.bulk, self.bulk.now, f"cat_{secrets.token_urlsafe(32)}"
        user, workspace, grant = bulk.new_id("user"), bulk.new_id("ws"), bulk.new_id("cgrant")
        self.people.append(Person(user, workspace, token))
        bulk.add(
            "users",
            id=user,
            email=f"person{number}@example.com",
            name=f"Person {number}",
            language="en",
            created_at=now,
        )
        bulk.add("workspaces", id=workspace, name="My Workspace", base_currency="USD", created_at=now)
        bulk.add("memberships", user_id=user, workspace_id=workspace, role="owner", created_at=now)
        bulk.add(
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
        bulk.add(
            "access_tokens",
            id=bulk.new_id("at"),
            grant_id=grant,
            token_hash=self._hasher.hash(token),
            key_id=self._hasher.key_id,
            created_at=now,
            expires_at=now + _YEARS,
        )

    def add_public_token(self, client_id: str, number: int) -> str:
        """Add a session that a person has consented in and completed, and return its public token."""
        bulk, now, token = self.bulk, self.bulk.now, f"public_{secrets.token_urlsafe(32)}"
        person = self.people[number % len(self.people)]
        session = bulk.new_id("ls")
        bulk.add(
            "link_sessions",
            id=session,
            client_id=client_id,
            token_hash=self._hasher.hash(f"link_{token}"),
            key_id=self._hasher.key_id,
            scopes=list(DEFAULT_SCOPES),
            is_resumed=False,
            user_id=person.user_id,
            workspace_id=person.workspace_id,
            consented_scopes=list(DEFAULT_SCOPES),
            consented_at=now,
            created_at=now,
            expires_at=now + timedelta(hours=1),
            ended_at=now,
        )
        bulk.add(
            "public_tokens",
            token_hash=self._hasher.hash(token),
            key_id=self._hasher.key_id,
            session_id=session,
            client_id=client_id,
            created_at=now,
            expires_at=now + timedelta(hours=1),
        )
        return token

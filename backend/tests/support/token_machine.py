"""The ground of the state machine: how programs speak to the application, whom they meet, how time passes in them."""

import asyncio
from datetime import datetime
from itertools import count
from typing import Any

import httpx
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, rule

from kryptos.domains import clients, identity
from kryptos.domains.clients import DEFAULT_SCOPES
from kryptos.domains.workspaces import Role
from kryptos.infra.database import Uow
from tests.support import journey
from tests.support.app import App
from tests.support.clock import ManualClock
from tests.support.token_model import AccessToken, Client, Grant, Person, Refusal, Session

REDIRECT_URI = "https://app.example.com/callback"
SELDOM = st.sampled_from([False, False, False, True])
"""What ends everything may not happen so often that nothing else does."""

sessions = Bundle("sessions")
publics = Bundle("publics")
accesses = Bundle("accesses")

_numbers = count(1)


class World:
    """The application that all programs run against, one after another, in an event loop of their own."""

    runner: asyncio.Runner
    app: App


class Machine(RuleBasedStateMachine):
    """The cast, the operator and time: what every program of calls needs."""

    def __init__(self) -> None:
        super().__init__()
        self.app = World.app
        self.clock = ManualClock()
        self.app.clock._now = self.clock.now()
        self.number = next(_numbers)
        self.clients: list[Client] = []
        self.grants: list[Grant] = []
        self.tokens: list[AccessToken] = []
        self.persons: dict[str, Person] = {}
        self.everybody: list[Person] = []
        self.sent: dict[str, list[Any]] = {}

    # ------------------------------------------------------------ how rules speak to the application

    @property
    def now(self) -> Any:
        return self.app.clock.now()

    def somebody(self, number: int) -> list[Person]:
        """One of the people, if there are any."""
        return [self.everybody[number % len(self.everybody)]] if self.everybody else []

    def run(self, work: Any) -> Any:
        """Run one call; time then passes a little, for no two instants of life are equal."""
        try:
            return World.runner.run(work)
        finally:
            self.app.clock.advance(milliseconds=1)

    def post(self, client: Client, path: str, body: dict[str, Any]) -> httpx.Response:
        reply: httpx.Response = self.run(self.app.post(path, body, client.headers))
        return reply

    def widget(self, session: Session, step: str, body: dict[str, Any] | None = None) -> httpx.Response:
        reply: httpx.Response = self.run(self.app.widget(session.token, step, body))
        return reply

    def operate(self, use_case: Any, **arguments: Any) -> Any:
        async def work(uow: Uow) -> Any:
            return await use_case(uow, **arguments)

        return self.run(self.app.services.database.execute(work))

    def refused(self, expected: Refusal | None, reply: httpx.Response) -> bool:
        """Check the answer against the prediction and say whether it was a refusal."""
        if expected is None:
            assert reply.status_code == 200, f"should succeed: {reply.text}"
            return False
        assert journey.refusal(reply) == expected, f"should be {expected}: {reply.status_code} {reply.text}"
        return True

    # ------------------------------------------------------------ the cast

    @initialize()
    def two_apps(self) -> None:
        for name in ("A", "B"):
            created = World.runner.run(
                self.app.create_client(f"{name} {self.number}", redirect_uris=[REDIRECT_URI])
            )
            self.clients.append(Client(created.client.id, created.client_secret, DEFAULT_SCOPES))

    @rule(index=st.sampled_from([0, 1]), seldom=SELDOM)
    def suspend_client(self, index: int, *, seldom: bool) -> None:
        if not seldom:
            self.resume_clients()
            return
        self.operate(clients.suspend_client, client_id=self.clients[index].id)
        self.clients[index].is_suspended = True

    @rule()
    def resume_clients(self) -> None:
        for client in self.clients:
            if client.is_suspended:
                self.operate(clients.resume_client, client_id=client.id)
                client.is_suspended = False

    @rule(number=st.integers(0, 9), seldom=SELDOM)
    def suspend_or_resume_person(self, number: int, *, seldom: bool) -> None:
        for person in self.somebody(number):
            if seldom or person.is_suspended:
                use_case = identity.resume_user if person.is_suspended else identity.suspend_user
                self.operate(use_case, user_id=person.id)
                person.is_suspended = not person.is_suspended

    @rule(number=st.integers(0, 9), data=st.data())
    def remove_member(self, number: int, data: st.DataObject) -> None:
        for person in self.somebody(number):
            if person.roles:
                workspace = data.draw(st.sampled_from(sorted(person.roles)))
                self.run(journey.remove_member(self.app, person.id, workspace))
                del person.roles[workspace]

    @rule(
        number=st.integers(0, 9), role=st.sampled_from(["owner", "admin", "member", "viewer"]), data=st.data()
    )
    def set_role(self, number: int, role: str, data: st.DataObject) -> None:
        for person in self.somebody(number):
            if person.roles:
                workspace = data.draw(st.sampled_from(sorted(person.roles)))
                self.run(journey.set_role(self.app, person.id, workspace, Role(role)))
                person.roles[workspace] = role

    @rule(number=st.integers(0, 9), role=st.sampled_from(["owner", "viewer"]))
    def add_workspace(self, number: int, role: str) -> None:
        for person in self.somebody(number):
            added = self.run(journey.add_workspace(self.app, person.id, Role(role)))
            person.roles[added.id] = role

    # ------------------------------------------------------------ time

    @rule(seconds=st.sampled_from([1, 60, 60, 6 * 60, 16 * 60]))
    def wait(self, seconds: int) -> None:
        self.app.clock.advance(seconds=seconds)

    def wait_until(self, instant: datetime) -> None:
        if instant > self.now:
            self.app.clock._now = instant

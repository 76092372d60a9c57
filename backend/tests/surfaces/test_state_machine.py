"""Any order of calls, by anybody, at any time: each answer is what the rulings say, and nothing works twice.

Hypothesis writes programs of calls; ``tests.support.token_model`` predicts each answer; at the end of each program
every token is tried, and the grants are listed and compared. Single calls are in ``tests.support.token_journey``; here
are the ways of several calls that chance alone would seldom find.
"""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import multiple, rule, run_state_machine_as_test

from tests.support import journey, token_model
from tests.support.app import running_app
from tests.support.token_journey import SCOPES, Journey
from tests.support.token_machine import SELDOM, World, accesses, publics, sessions
from tests.support.token_model import AccessToken, PublicToken, Session

WHO = st.sampled_from([None, 0, 0, 1])
INDEX = st.sampled_from([0, 0, 0, 1])
GOOD_SCOPES = st.sampled_from([None, "openid users:read", "openid profile users:read"])
EXAMPLES, STEPS = 50, 30


class Program(Journey):
    """One program of calls, with ways that lead far."""

    @rule(target=sessions, index=INDEX, who=WHO, scopes=SCOPES, last=st.booleans())
    def come_to_consent(self, index: int, who: int | None, scopes: str | None, *, last: bool) -> Any:
        self.app.clock.advance(
            minutes=6
        )  # so that no more than three codes are asked for in a quarter of an hour
        session = self.create(index, scopes, hosted=who == 0)
        if not isinstance(session, Session):
            return multiple()
        if who is None:
            self.go_on_as_guest(session)
        else:
            self.sign_in_by_mail(session, who)
        if session.person is not None and session.person.roles and (last or session.chosen is None):
            self.choose(session, (max if last else min)(session.person.roles))
        self.consent(session, None, approved=True)
        return session

    @rule(target=publics, index=INDEX, who=WHO, scopes=SCOPES)
    def come_to_a_public_token(self, index: int, who: int | None, scopes: str | None) -> Any:
        session = self.come_to_consent(index, who, scopes, last=False)
        return self.complete(session) if isinstance(session, Session) else multiple()

    @rule(target=accesses, index=INDEX, who=WHO, scopes=SCOPES)
    def connect(self, index: int, who: int | None, scopes: str | None) -> Any:
        public = self.come_to_a_public_token(index, who, scopes)
        return self.exchange(public, index) if isinstance(public, PublicToken) else multiple()

    @rule(target=accesses, index=INDEX, who=st.integers(0, 1), one=GOOD_SCOPES, two=GOOD_SCOPES)
    def exchange_the_newer_consent_first(self, index: int, who: int, one: str | None, two: str | None) -> Any:
        older = self.come_to_a_public_token(index, who, one)
        newer = self.come_to_a_public_token(index, who, two)
        if not (isinstance(older, PublicToken) and isinstance(newer, PublicToken)):
            return multiple()
        for public in (newer, older):
            access = self.exchange(public, index)
            if isinstance(access, AccessToken):
                self.use(access, None)
        return self.tokens[-1] if self.tokens else multiple()

    @rule(access=accesses, scopes=GOOD_SCOPES)
    def revoke_between_consent_and_exchange(self, access: AccessToken, scopes: str | None) -> None:
        email = access.grant.person.email
        index = self.clients.index(access.grant.client)
        who = int(email.removeprefix("person")[0]) if email else None
        public = self.come_to_a_public_token(index, who, scopes)
        self.revoke(access, index)
        if isinstance(public, PublicToken):
            self.exchange(public, index)

    @rule(index=INDEX, who=st.integers(0, 1), first=st.booleans())
    def exchange_two_tokens_of_one_session(self, index: int, who: int, *, first: bool) -> None:
        public = self.come_to_a_public_token(index, 0 if first else who, None)
        if isinstance(public, PublicToken):
            sibling = self.read_record(public.session, index)
            self.exchange(public, index)
            if isinstance(sibling, PublicToken):
                self.exchange(sibling, index)
            self.read_record(public.session, index)

    @rule(index=INDEX, who=WHO, one=GOOD_SCOPES, two=GOOD_SCOPES, flags=st.tuples(*[st.booleans()] * 3))
    def go_on_with_an_earlier_session(
        self, index: int, who: int | None, one: str | None, two: str | None, flags: tuple[bool, bool, bool]
    ) -> None:
        is_last, is_other, is_signed_in = flags
        old = self.come_to_consent(index, who, one, last=is_last)
        if is_signed_in:
            new = self.come_to_consent(index, who, two, last=is_last is not is_other)
        else:
            new = self.create(index, two, hosted=False)
        if isinstance(old, Session) and isinstance(new, Session):
            if is_other:
                self.consent(old, None, approved=False)
            self.adopt(new, old)
            public = self.complete(new)
            if isinstance(public, PublicToken):
                self.exchange(public, index)

    # ------------------------------------------------------------ the last instant of a token, and the first after it

    @rule(session=sessions, early=st.booleans())
    def look_at_the_very_end_of_a_link_token(self, session: Session, *, early: bool) -> None:
        self.wait_until(session.expires_at - timedelta(microseconds=int(early)))
        self.look(session)

    @rule(public=publics, early=st.booleans())
    def exchange_at_the_very_end(self, public: PublicToken, *, early: bool) -> None:
        self.wait_until(public.expires_at - timedelta(microseconds=int(early)))
        self.exchange(public, self.clients.index(public.session.client))

    @rule(access=accesses, is_grants=st.booleans(), early=st.booleans(), seldom=SELDOM)
    def use_at_the_very_end(self, access: AccessToken, *, is_grants: bool, early: bool, seldom: bool) -> None:
        if seldom:
            instant = access.grant.expires_at if is_grants else access.expires_at
            self.wait_until(instant - timedelta(microseconds=int(early)))
            self.use(access, None)

    @rule(new=sessions, old=sessions, early=st.booleans(), seldom=SELDOM)
    def adopt_at_the_very_end(self, new: Session, old: Session, *, early: bool, seldom: bool) -> None:
        if seldom:
            self.wait_until(old.expires_at + token_model.ADOPTABLE - timedelta(microseconds=int(early)))
            fresh = self.create(self.clients.index(old.client), None, hosted=False)
            self.adopt(fresh if isinstance(fresh, Session) else new, old)

    # ------------------------------------------------------------ what holds at the end

    def teardown(self) -> None:
        for token in self.tokens:
            self.use(token, None)
        for client in self.clients:
            now = self.now
            reply = self.run(self.app.http.get("/token/grants", headers=client.headers))
            if not self.refused(token_model.INVALID_CLIENT if client.is_suspended else None, reply):
                listed = {(each["grant_id"], each["scopes"]) for each in journey.data_of(reply)["grants"]}
                assert listed == {
                    (each.id, " ".join(each.scopes))
                    for each in self.grants
                    if each.client is client and each.revoked_at is None and each.expires_at > now
                }


@pytest.mark.timeout(600)  # what takes long is not finding a fault but making its program short
def test_no_token_works_twice_after_its_time_after_revocation_or_for_another_client(
    database_url: str,
) -> None:
    """The programs are written anew in each run, except in CI, where they are the same in each."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        World.runner = runner
        World.app = runner.run(
            stack.enter_async_context(running_app(database_url, rate_limit_factor=1_000_000))
        )
        try:
            run_state_machine_as_test(
                Program,
                settings=settings(
                    max_examples=EXAMPLES,
                    stateful_step_count=STEPS,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(stack.aclose())

"""Calls as rules of the state machine: each says what the model expects, and does to the model what was done."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import multiple, rule

from tests.support import journey, token_model
from tests.support.token_machine import REDIRECT_URI, Machine, accesses, publics, sessions
from tests.support.token_model import (
    ACCESS,
    HALF_HOUR,
    AccessToken,
    Grant,
    Person,
    PublicToken,
    Refusal,
    Session,
)

SCOPES = st.sampled_from(
    [None, "openid users:read", "openid profile users:read", "openid", "openid tax:write", "openid profile"]
)


class Journey(Machine):
    """One program of calls."""

    # ------------------------------------------------------------ the widget

    @rule(target=sessions, index=st.integers(0, 1), scopes=SCOPES, hosted=st.booleans())
    def create(self, index: int, scopes: str | None, *, hosted: bool) -> Any:
        client, now = self.clients[index], self.now
        body = {"scopes": scopes, "redirect_uri": REDIRECT_URI if hosted else None}
        reply = self.post(client, "/link-token", body)
        wanted = client.scopes if scopes is None else tuple(scopes.split())
        expected = token_model.INVALID_CLIENT if client.is_suspended else None
        if expected is None and not set(wanted) <= set(client.scopes):
            expected = token_model.INVALID_SCOPE
        if self.refused(expected, reply):
            return multiple()
        data = journey.data_of(reply)
        return Session(
            client, data["link_token"], data["session_id"], now + HALF_HOUR, wanted, is_hosted=hosted
        )

    @rule(target=sessions, index=st.integers(0, 1), access=accesses, scopes=SCOPES)
    def resume(self, index: int, access: AccessToken, scopes: str | None) -> Any:
        client, now, grant = self.clients[index], self.now, access.grant
        reply = self.post(client, "/link-token", {"access_token": access.token, "scopes": scopes})
        wanted = grant.scopes if scopes is None else tuple(scopes.split())
        expected = access.refusal(client, now)
        if expected is None and not set(wanted) <= set(grant.scopes):
            expected = token_model.INVALID_SCOPE
        if self.refused(expected, reply):
            return multiple()
        data = journey.data_of(reply)
        assert (data["user_id"], data["workspace_id"]) == (grant.person.id, grant.workspace)
        session = Session(client, data["link_token"], data["session_id"], now + HALF_HOUR, wanted)
        session.is_resumed, session.person, session.workspace = True, grant.person, grant.workspace
        return session

    @rule(session=sessions)
    def go_on_as_guest(self, session: Session) -> None:
        expected = session.refusal(self.now)
        if expected is None and session.is_resumed:
            expected = token_model.STEP_NOT_ALLOWED
        reply = self.widget(session, "auth/anonymous")
        if self.refused(expected, reply):
            return
        data = journey.data_of(reply)
        if session.person is not None and session.person.email is None:
            assert data["user_id"] == session.person.id
            return
        person = Person(
            data["user_id"], None, {each["workspace_id"]: each["role"] for each in data["workspaces"]}
        )
        assert list(person.roles.values()) == ["owner"]
        self._attach(session, person)

    @rule(session=sessions, who=st.integers(0, 1))
    def sign_in_by_mail(self, session: Session, who: int) -> None:
        email, now = f"person{who}@example{self.number}.com", self.now
        expected = session.refusal(now)
        if expected is None and session.is_resumed:
            expected = token_model.STEP_NOT_ALLOWED
        sent = [at for at in self.sent.get(email, []) if at > now - token_model.SENDS_WINDOW]
        if expected is None and len(sent) >= 3:
            expected = token_model.TOO_MANY_CODES
        if self.refused(expected, self.widget(session, "auth/email/start", {"email": email})):
            return
        self.sent[email] = [*sent, now]
        code = self.run(journey.issued_code(self.app, email))
        expected = session.refusal(self.now)
        known = self.persons.get(email)
        if expected is None and known is not None and known.is_suspended:
            expected = token_model.CODE_INVALID
        reply = self.widget(session, "auth/email/verify", {"email": email, "code": code})
        if self.refused(expected, reply):
            return
        data = journey.data_of(reply)
        person = self.persons.setdefault(email, Person(data["user_id"], email, {}))
        assert data["user_id"] == person.id
        roles = {each["workspace_id"]: each["role"] for each in data["workspaces"]}
        if person.roles:
            assert roles == person.roles
        person.roles = roles
        self._attach(session, person)

    def _attach(self, session: Session, person: Person) -> None:
        only = next(iter(person.roles)) if len(person.roles) == 1 else None
        if person not in self.everybody:
            self.everybody.append(person)
        session.person, session.consent = person, None
        session.workspace = only if person.can_share(only) else None

    @rule(session=sessions, number=st.integers(0, 9), data=st.data())
    def choose_workspace(self, session: Session, number: int, data: st.DataObject) -> None:
        people = [*self.somebody(number), *([session.person] * 3 if session.person else [])]
        known = [role for person in people for role in person.roles]
        self.choose(session, data.draw(st.sampled_from([*known, "ws_none"])))

    def choose(self, session: Session, workspace: str) -> None:
        expected = session.refusal(self.now)
        if expected is None and session.is_resumed:
            expected = token_model.STEP_NOT_ALLOWED
        elif expected is None and session.person is None:
            expected = token_model.SIGN_IN_REQUIRED
        elif expected is None and session.person is not None and workspace not in session.person.roles:
            expected = token_model.WORKSPACE_NOT_FOUND
        elif expected is None and session.person is not None and not session.person.can_share(workspace):
            expected = token_model.INSUFFICIENT_PERMISSIONS
        if self.refused(expected, self.widget(session, "workspace", {"workspace_id": workspace})):
            return
        if session.chosen != workspace:
            session.consent = None
        session.workspace = workspace

    @rule(session=sessions, approved=st.sampled_from([True, True, True, False]), scopes=SCOPES)
    def consent(self, session: Session, scopes: str | None, *, approved: bool) -> None:
        now = self.now
        chosen = session.scopes if scopes is None else tuple(scopes.split())
        reply = self.widget(
            session, "consent", {"approved": approved, "scopes": scopes.split() if scopes else None}
        )
        if self.refused(self._consent_refusal(session, chosen if approved else ()), reply):
            return
        session.consent = (chosen, now) if approved else None

    def _consent_refusal(self, session: Session, chosen: tuple[str, ...]) -> Refusal | None:
        if refusal := session.refusal(self.now - timedelta(milliseconds=1)):
            return refusal
        if session.is_resumed:
            return token_model.STEP_NOT_ALLOWED
        if session.person is None:
            return token_model.SIGN_IN_REQUIRED
        if session.chosen is None:
            return token_model.WORKSPACE_REQUIRED
        if not session.person.can_share(session.chosen):
            return token_model.INSUFFICIENT_PERMISSIONS
        return None if set(chosen) <= set(session.scopes) else token_model.INVALID_SCOPE

    @rule(target=publics, session=sessions)
    def complete(self, session: Session) -> Any:
        now = self.now
        expected = session.refusal(now)
        if expected is None and not session.is_resumed and session.consent is None:
            expected = token_model.CONSENT_REQUIRED
        reply = self.widget(session, "complete")
        if self.refused(expected, reply):
            return multiple()
        session.end("success", now)
        token = journey.data_of(reply)["public_token"]
        assert (token is None) is session.is_resumed
        return multiple() if token is None else PublicToken(session, token, now + HALF_HOUR)

    @rule(session=sessions)
    def look(self, session: Session) -> None:
        expected = session.refusal(self.now)
        reply = self.run(self.app.http.get("/link-token/session", headers=self.app.person(session.token)))
        if not self.refused(expected, reply):
            data = journey.data_of(reply)
            assert (data["consent"] is None) is (session.consent is None)
            assert (data["workspace"] or {}).get("workspace_id") == session.chosen

    @rule(session=sessions)
    def leave(self, session: Session) -> None:
        now = self.now
        if not self.refused(session.refusal(now), self.widget(session, "exit")):
            session.end("exit", now)

    @rule(new=sessions, old=sessions)
    def adopt(self, new: Session, old: Session) -> None:
        now = self.now
        reply = self.widget(new, "session/adopt", {"previous": old.token})
        if self.refused(token_model.may_adopt(new, old, now), reply):
            return
        token_model.adopt(new, old, now)
        data = journey.data_of(reply)
        assert (data["consent"] is None) is (new.consent is None)
        assert (data["user"] or {}).get("user_id") == (new.person.id if new.person else None)

    @rule(target=publics, session=sessions, index=st.integers(0, 1))
    def read_record(self, session: Session, index: int) -> Any:
        client, now = self.clients[index], self.now
        path = f"/link-token/{session.id}/session"
        reply = self.run(self.app.http.get(path, headers=client.headers))
        expected = token_model.INVALID_CLIENT if client.is_suspended else None
        if expected is None and client is not session.client:
            expected = token_model.SESSION_NOT_FOUND
        if self.refused(expected, reply):
            return multiple()
        data = journey.data_of(reply)
        outcome = session.outcome or ("expired" if session.expires_at <= now else None)
        assert data["outcome"] == outcome
        is_offered = session.is_hosted and outcome == "success" and not session.is_exchanged
        is_fresh = session.ended_at is not None and session.ended_at + HALF_HOUR > now
        assert ("public_token" in data) is (is_offered and is_fresh and not session.is_resumed)
        token = data.get("public_token")
        if token is None or session.ended_at is None:
            return multiple()
        return PublicToken(session, token, session.ended_at + HALF_HOUR)  # however late it was asked for

    # ------------------------------------------------------------ the app's backend

    @rule(target=accesses, public=publics, index=st.integers(0, 1))
    def exchange(self, public: PublicToken, index: int) -> Any:
        client, now, session = self.clients[index], self.now, public.session
        reply = self.post(client, "/token/exchange", {"public_token": public.token})
        if self.refused(token_model.may_exchange(public, client, self.grants, now), reply):
            return multiple()
        public.is_used = session.is_exchanged = True
        data = journey.data_of(reply)
        assert session.person is not None
        assert session.workspace is not None
        assert session.consent is not None
        scopes, consented_at = session.consent
        mine = (client, session.person, session.workspace)
        active = [
            each
            for each in self.grants
            if each.revoked_at is None and (each.client, each.person, each.workspace) == mine
        ]
        assert len(active) <= 1
        expires_at = token_model.after_fifteen_years(now)
        if active:
            (grant,) = active
            if consented_at >= grant.consented_at:
                grant.scopes, grant.consented_at = scopes, consented_at
            grant.expires_at = expires_at
        else:
            grant = Grant(data["grant_id"], *mine, scopes, consented_at, expires_at)
            self.grants.append(grant)
        assert (data["grant_id"], data["scope"]) == (grant.id, " ".join(grant.scopes))
        return self._issued(grant, data, now)

    def _issued(self, grant: Grant, data: dict[str, Any], now: Any) -> AccessToken:
        token = AccessToken(grant, data["access_token"], now + ACCESS)
        self.tokens.append(token)
        return token

    @rule(target=accesses, access=accesses, index=st.integers(0, 1))
    def rotate(self, access: AccessToken, index: int) -> Any:
        now = self.now
        reply = self.post(self.clients[index], "/token/rotate", {"access_token": access.token})
        if self.refused(access.refusal(self.clients[index], now), reply):
            return multiple()
        access.is_replaced = True
        return self._issued(access.grant, journey.data_of(reply), now)

    @rule(access=accesses, index=st.integers(0, 1))
    def revoke(self, access: AccessToken, index: int) -> None:
        client, now, grant = self.clients[index], self.now, access.grant
        expected = token_model.INVALID_CLIENT if client.is_suspended else None
        if expected is None and grant.client is not client:
            expected = token_model.UNKNOWN_GRANT
        reply = self.post(client, "/token/revoke", {"grant_id": grant.id})
        if not self.refused(expected, reply) and grant.revoked_at is None:
            grant.revoked_at = now

    @rule(access=accesses, index=st.integers(0, 1))
    def check(self, access: AccessToken, index: int) -> None:
        client, now = self.clients[index], self.now
        reply = self.post(client, "/link-token/check-session", {"access_token": access.token})
        if self.refused(token_model.INVALID_CLIENT if client.is_suspended else None, reply):
            return
        reason = access.reason(client, now)
        data = journey.data_of(reply)
        assert (data["has_valid_session"], data.get("reason")) == (reason is None, reason)

    @rule(access=accesses, caller=st.sampled_from([None, 0, 1]))
    def use(self, access: AccessToken, caller: int | None) -> None:
        client, now = None if caller is None else self.clients[caller], self.now
        reply = self.run(self.app.userinfo(access.token, **(client.headers if client else {})))
        if not self.refused(access.data_refusal(client, now), reply):
            assert reply.json()["userInfo"].get("sub", access.grant.person.id) == access.grant.person.id
            assert reply.json()["scopes"] == list(access.grant.scopes)

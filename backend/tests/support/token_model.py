"""A model of the token journey, pure and small: what each call must be answered, and what it changes.

It knows the contract's rulings and nothing of the product: no SQL, no HTTP, no code of ours.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

HALF_HOUR = timedelta(minutes=30)
ACCESS = timedelta(seconds=473_040_000)
ADOPTABLE = timedelta(hours=24)
SENDS_WINDOW = timedelta(minutes=15)

Refusal = tuple[int, str]

INVALID_CLIENT: Refusal = (401, "INVALID_CLIENT")
INVALID_TOKEN: Refusal = (401, "INVALID_TOKEN")
INVALID_GRANT: Refusal = (401, "INVALID_GRANT")
UNKNOWN_GRANT: Refusal = (404, "INVALID_GRANT")
EXPIRED: Refusal = (400, "TOKEN_EXPIRED")
USED: Refusal = (400, "TOKEN_ALREADY_USED")
INVALID_SCOPE: Refusal = (400, "INVALID_SCOPE")
CODE_INVALID: Refusal = (400, "CODE_INVALID")
TOO_MANY_CODES: Refusal = (429, "RATE_LIMIT_EXCEEDED")
STEP_NOT_ALLOWED: Refusal = (409, "STEP_NOT_ALLOWED")
SIGN_IN_REQUIRED: Refusal = (409, "SIGN_IN_REQUIRED")
WORKSPACE_REQUIRED: Refusal = (409, "WORKSPACE_REQUIRED")
CONSENT_REQUIRED: Refusal = (409, "CONSENT_REQUIRED")
WORKSPACE_NOT_FOUND: Refusal = (404, "WORKSPACE_NOT_FOUND")
SESSION_NOT_FOUND: Refusal = (404, "SESSION_NOT_FOUND")
INSUFFICIENT_PERMISSIONS: Refusal = (403, "INSUFFICIENT_PERMISSIONS")
INSUFFICIENT_SCOPE: Refusal = (403, "INSUFFICIENT_SCOPE")


@dataclass(eq=False)
class Client:
    """An app."""

    id: str
    secret: str = field(repr=False)
    scopes: tuple[str, ...]
    is_suspended: bool = False

    @property
    def headers(self) -> dict[str, str]:
        """Its credentials."""
        return {"X-Client-Id": self.id, "X-Client-Secret": self.secret}


@dataclass(eq=False)
class Person:
    """A user, and the role in each workspace."""

    id: str
    email: str | None
    roles: dict[str, str]
    is_suspended: bool = False

    def can_share(self, workspace: str | None) -> bool:
        """Whether the person may let an app read this workspace."""
        return not self.is_suspended and self.roles.get(workspace or "") in {"owner", "admin"}


@dataclass(eq=False)
class Session:
    """A link token."""

    client: Client
    token: str = field(repr=False)
    id: str
    expires_at: datetime
    scopes: tuple[str, ...]
    is_hosted: bool = False
    is_resumed: bool = False
    person: Person | None = None
    workspace: str | None = None
    consent: tuple[tuple[str, ...], datetime] | None = None
    outcome: str | None = None
    ended_at: datetime | None = None
    is_exchanged: bool = False

    @property
    def chosen(self) -> str | None:
        """The chosen workspace, as long as the person is a member of it."""
        is_member = self.person is not None and self.workspace in self.person.roles
        return self.workspace if is_member else None

    def refusal(self, now: datetime) -> Refusal | None:
        """Why the link token opens nothing."""
        if self.outcome is not None:
            return USED
        if self.expires_at <= now:
            return EXPIRED
        if self.client.is_suspended:
            return INVALID_CLIENT
        if self.person is not None and self.person.is_suspended:
            return INVALID_GRANT
        return None

    def end(self, outcome: str, now: datetime) -> None:
        """Use up the link token."""
        self.outcome, self.ended_at = outcome, now


@dataclass(eq=False)
class PublicToken:
    """A public token."""

    session: Session
    token: str = field(repr=False)
    expires_at: datetime
    is_used: bool = False


@dataclass(eq=False)
class Grant:
    """A grant."""

    id: str
    client: Client
    person: Person
    workspace: str
    scopes: tuple[str, ...]
    consented_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


@dataclass(eq=False)
class AccessToken:
    """An access token."""

    grant: Grant
    token: str = field(repr=False)
    expires_at: datetime
    is_replaced: bool = False

    def reason(self, client: Client, now: datetime) -> str | None:
        """Why it opens no session of this client; None when it does."""
        grant = self.grant
        if grant.client is not client or self.is_replaced:
            return "token_invalid"
        if grant.revoked_at is not None or not grant.person.can_share(grant.workspace):
            return "grant_revoked"
        return "token_expired" if min(self.expires_at, grant.expires_at) <= now else None

    def refusal(self, client: Client, now: datetime) -> Refusal | None:
        """How a use of it by this client's backend is refused."""
        if client.is_suspended:
            return INVALID_CLIENT
        reason = self.reason(client, now)
        if reason is None:
            return None
        return INVALID_GRANT if reason == "grant_revoked" else INVALID_TOKEN

    def data_refusal(self, caller: Client | None, now: datetime) -> Refusal | None:
        """How a data call with it is refused; ``caller`` is whose client headers are sent."""
        grant = self.grant
        if self.is_replaced or self.expires_at <= now:
            return INVALID_TOKEN
        if (
            grant.revoked_at is not None
            or grant.person.is_suspended
            or grant.workspace not in grant.person.roles
        ):
            return INVALID_GRANT
        if grant.expires_at <= now:
            return INVALID_TOKEN
        if not grant.person.can_share(grant.workspace):
            return INVALID_GRANT
        if grant.client.is_suspended or (caller is not None and caller is not grant.client):
            return INVALID_CLIENT
        return None if "users:read" in grant.scopes else INSUFFICIENT_SCOPE


def may_exchange(public: PublicToken, client: Client, grants: list[Grant], now: datetime) -> Refusal | None:
    """Why the public token is not exchanged; None when it is."""
    session = public.session
    if client.is_suspended:
        return INVALID_CLIENT
    if session.client is not client:
        return INVALID_TOKEN
    if public.is_used or (session.is_exchanged and public.expires_at > now):
        return USED
    if public.expires_at <= now:
        return EXPIRED
    assert session.person is not None
    assert session.consent is not None
    was_revoked_since = any(
        each.revoked_at is not None and each.revoked_at >= session.consent[1]
        for each in grants
        if (each.client, each.person, each.workspace) == (client, session.person, session.workspace)
    )
    if was_revoked_since or not session.person.can_share(session.workspace):
        return INVALID_GRANT
    return None


def may_adopt(new: Session, old: Session, now: datetime) -> Refusal | None:
    """Why the new session does not go on with the old one; None when it does."""
    if refusal := new.refusal(now):
        return refusal
    is_somebody_elses = new.person is not None and new.person is not old.person
    if old is new or old.client is not new.client or is_somebody_elses:
        return INVALID_TOKEN
    if old.outcome is not None:
        return USED
    if old.expires_at + ADOPTABLE <= now:
        return EXPIRED
    moves = not new.is_resumed and not old.is_resumed and old.person is not None
    return INVALID_GRANT if moves and old.person is not None and old.person.is_suspended else None


def adopt(new: Session, old: Session, now: datetime) -> None:
    """Move what was done in the old session into the new one."""
    old.end("replaced", now)
    if new.is_resumed or old.is_resumed or old.person is None:
        return
    new.person, new.workspace, new.consent = old.person, old.workspace, None
    if old.consent is not None and set(old.consent[0]) <= set(new.scopes):
        new.consent = old.consent


def after_fifteen_years(now: datetime) -> datetime:
    """The same instant fifteen calendar years later."""
    is_leap_day = (now.month, now.day) == (2, 29)
    return now.replace(year=now.year + 15, day=28 if is_leap_day else now.day)

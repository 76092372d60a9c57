"""Wire shapes of the widget's calls, and how they are filled from a session."""

from datetime import datetime
from typing import Any, Literal

import msgspec

from kryptos.domains.connect import LinkSession
from kryptos.domains.identity import User
from kryptos.domains.workspaces import Membership
from kryptos.infra.settings import Settings
from kryptos.providers.sandbox import Persona
from kryptos.surfaces.connect_api.providers import OfferedProviderOut
from kryptos.surfaces.http.wire import instant

AuthMethod = Literal["email", "anonymous"]


class AppOut(msgspec.Struct, kw_only=True):
    """The app that asks."""

    client_id: str
    name: str
    mode: Literal["sandbox", "production"]


class UserOut(msgspec.Struct, kw_only=True):
    """The person in this session."""

    user_id: str
    is_anonymous: bool
    email: str | None
    is_claimed: bool
    """Whether somebody with an address has taken over what this guest left behind."""


class WorkspaceOut(msgspec.Struct, kw_only=True):
    """A workspace of the person; only some roles can share it."""

    workspace_id: str
    name: str
    role: Literal["owner", "admin", "member", "viewer"]
    can_share: bool


class ScopeOut(msgspec.Struct, kw_only=True):
    """A scope in plain words."""

    scope: str
    description: str


class GivenConsentOut(msgspec.Struct, kw_only=True):
    """A consent that was given in this session."""

    scopes: list[str]
    given_at: datetime


class WalletConnectOut(msgspec.Struct, kw_only=True):
    """How the widget reaches wallets by WalletConnect; ``project_id`` is the operator's, for hosted pages."""

    relay_url: str
    project_id: str | None


class SessionOut(msgspec.Struct, kw_only=True):
    """Where the session stands; the widget draws itself from this."""

    session_id: str
    stage: Literal["INIT", "CONNECT", "INTEGRATION", "STATUS"]
    expires_at: datetime
    is_resumed: bool
    app: AppOut
    scopes: list[str]
    auth_methods: list[AuthMethod]
    user: UserOut | None
    workspace: WorkspaceOut | None
    consent: GivenConsentOut | None
    repaired_wallet_id: str | None
    privacy_url: str | None
    terms_url: str | None
    redirect_uri: str | None
    walletconnect: WalletConnectOut | None
    """None where the operator offers none."""


class EmailIn(msgspec.Struct, kw_only=True):
    """Where to mail a code; ``language`` is a BCP 47 tag."""

    email: str
    language: str | None = None


class CodeIn(msgspec.Struct, kw_only=True):
    """A code that was mailed."""

    email: str
    code: str


class GuestIn(msgspec.Struct, kw_only=True):
    """Nothing is needed to go on as a guest."""

    language: str | None = None


class SignedInOut(msgspec.Struct, kw_only=True):
    """Who signed in; ``workspace`` is set when there was nothing to choose. Send ``widget_key`` from now on."""

    user_id: str
    is_anonymous: bool
    email: str | None
    workspaces: list[WorkspaceOut]
    workspace: WorkspaceOut | None
    widget_key: str | None


class HostedIn(msgspec.Struct, kw_only=True):
    """What stands in the address of a hosted page: the session in its path, the key after ``#``."""

    session_id: str
    key: str


class HostedOut(msgspec.Struct, kw_only=True):
    """The page's own link token; any other of this session is dead."""

    link_token: str
    expires_at: datetime


class OutcomeOut(msgspec.Struct, kw_only=True):
    """What came of a hosted session; ``public_token`` comes once it is completed, until one is exchanged."""

    status: Literal["open", "completed", "exited", "expired"]
    public_token: str | None


class WorkspacesOut(msgspec.Struct, kw_only=True):
    """The person's workspaces."""

    workspaces: list[WorkspaceOut]


class WorkspaceIn(msgspec.Struct, kw_only=True):
    """The workspace to share."""

    workspace_id: str


class ConsentOut(msgspec.Struct, kw_only=True):
    """What is being asked, in plain words, and what was answered so far."""

    app: AppOut
    workspace: WorkspaceOut | None
    scopes: list[ScopeOut]
    access_seconds: int
    covers_later_connections: bool
    consent: GivenConsentOut | None


class ConsentIn(msgspec.Struct, kw_only=True):
    """The person's answer; ``scopes`` may narrow what was asked for."""

    approved: bool
    scopes: list[str] | None = None


class TestAccountOut(msgspec.Struct, kw_only=True):
    """A test account of the sandbox: synthetic, chosen instead of typing an address."""

    persona: str
    name: str
    description: str
    provider: str
    address: str


class ProvidersOut(msgspec.Struct, kw_only=True):
    """What can be connected; ``test_accounts`` are there for apps in sandbox mode alone."""

    providers: list[OfferedProviderOut]
    test_accounts: list[TestAccountOut]


class CompletedOut(msgspec.Struct, kw_only=True):
    """The public token for the app's backend; null when an existing session was resumed."""

    public_token: str | None


class EventIn(msgspec.Struct, kw_only=True):
    """Something the widget saw; ``at`` is its own clock's time. Other fields are kept as details."""

    name: str
    at: datetime | None = None
    details: dict[str, Any] = {}


class AdoptIn(msgspec.Struct, kw_only=True):
    """The link token whose session goes on under the one in the header."""

    previous: str


def test_account_out(persona: Persona) -> TestAccountOut:
    """Return a test account."""
    return TestAccountOut(
        persona=persona.id,
        name=persona.name,
        description=persona.description,
        provider=persona.provider_id,
        address=persona.address,
    )


def user_out(user: User) -> UserOut:
    """Return the person in a session."""
    return UserOut(
        user_id=user.id,
        is_anonymous=user.is_guest,
        email=user.email,
        is_claimed=user.claimed_by is not None,
    )


def app_out(session: LinkSession) -> AppOut:
    """Return the app that asks."""
    return AppOut(client_id=session.client.id, name=session.client.name, mode=session.client.mode.value)


def consent_out(session: LinkSession) -> GivenConsentOut | None:
    """Return the consent given in this session, if any."""
    if session.consent is None:
        return None
    return GivenConsentOut(scopes=list(session.consent.scopes), given_at=instant(session.consent.given_at))


def walletconnect_out(settings: Settings) -> WalletConnectOut | None:
    """Return how wallets are reached by WalletConnect, None where the operator offers none."""
    relay = settings.walletconnect_relay
    return WalletConnectOut(relay_url=relay, project_id=settings.walletconnect_project_id) if relay else None


def chosen_workspace_out(session: LinkSession) -> WorkspaceOut | None:
    """Return the chosen workspace, if any."""
    if session.workspace is None:
        return None
    chosen = session.workspace.id
    return next(workspace_out(each) for each in session.memberships if each.workspace.id == chosen)


def workspace_out(membership: Membership) -> WorkspaceOut:
    """Return a workspace as its member sees it."""
    return WorkspaceOut(
        workspace_id=membership.workspace.id,
        name=membership.workspace.name,
        role=membership.role.value,
        can_share=membership.role.can_share,
    )

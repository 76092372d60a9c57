"""Values of the token journey that cross its border."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from kryptos.domains.clients import Client
from kryptos.domains.grants import Grant
from kryptos.domains.identity import User
from kryptos.domains.workspaces import Membership, Workspace


class Stage(StrEnum):
    """How far a session has come; a resumed session begins at INTEGRATION."""

    INIT = "INIT"
    CONNECT = "CONNECT"
    INTEGRATION = "INTEGRATION"
    STATUS = "STATUS"


class Outcome(StrEnum):
    """How a session ended."""

    SUCCESS = "success"
    EXIT = "exit"
    REPLACED = "replaced"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Consent:
    """What the person agreed to, before the app exchanged it for a grant."""

    scopes: tuple[str, ...]
    given_at: datetime


@dataclass(frozen=True, slots=True)
class LinkSession:
    """One run of the widget: everything that is known under a link token."""

    id: str
    client: Client
    scopes: tuple[str, ...]
    redirect_uri: str | None
    is_resumed: bool
    user: User | None
    workspace: Workspace | None
    memberships: tuple[Membership, ...]
    consent: Consent | None
    expires_at: datetime
    repaired_integration_id: str | None = None
    """The connection that this session is to repair (contract X-13)."""
    is_keyed: bool = False
    """Whether the call bears the widget key that signing in gave: then the person's widget makes it, not the app."""

    @property
    def stage(self) -> Stage:
        """Where the widget stands."""
        if self.is_resumed or self.consent is not None:
            return Stage.INTEGRATION
        return Stage.INIT if self.user is None else Stage.CONNECT


@dataclass(frozen=True, slots=True)
class StartedSession:
    """A new link token, shown this once; ``grant`` is set when an existing session was resumed."""

    session_id: str
    link_token: str = field(repr=False)
    expires_at: datetime
    redirect_uri: str | None
    hosted_key: str | None = field(repr=False)
    """Opens the session as a page of its own; there is one where there is a redirect URI."""
    grant: Grant | None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in, and the widget's key: whoever sends it from now on speaks for that person in this session.

    None: a guest was there already, and whoever called has not their key.
    """

    user: User
    widget_key: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class HostedSession:
    """A session opened as a page of its own: its fresh link token, shown this once."""

    link_token: str = field(repr=False)
    expires_at: datetime


class HostedStatus(StrEnum):
    """How far a hosted session is, told to the app that waits for its person."""

    OPEN = "open"
    COMPLETED = "completed"
    EXITED = "exited"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class HostedOutcome:
    """What came of a hosted session; the public token only where one can still be exchanged."""

    client: Client
    status: HostedStatus
    public_token: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class FramedApp:
    """The app in whose pages the widget is to be framed, or that opens it in a WebView."""

    client_id: str
    name: str
    allowed_origins: tuple[str, ...]
    is_suspended: bool


@dataclass(frozen=True, slots=True)
class HostedPage:
    """What can be told of a hosted page before its key is seen."""

    app_name: str
    has_ended: bool
    is_suspended: bool


@dataclass(frozen=True, slots=True)
class Completed:
    """End of a session: a public token to exchange, or None for a resumed session, whose app has its token already."""

    session_id: str
    public_token: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class CheckedSession:
    """Whether an access token still opens a session without signing in again; ``reason`` says why not."""

    reason: str | None
    grant: Grant | None = None
    workspace_name: str | None = None


@dataclass(frozen=True, slots=True)
class OwnershipChallenge:
    """A text for the wallet of an address to sign, until ``expires_at``."""

    message: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class OwnershipProof:
    """The text as the wallet signed it, and its signature: hexadecimal with ``0x`` (EVM) or base64 (Solana)."""

    message: str
    signature: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AppLogo:
    """The picture of an app, or why there is none."""

    sha256: str | None
    failure: str | None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was looked into; ``sha256`` names its bytes, in hexadecimal."""

    media_type: str
    content: bytes = field(repr=False)
    sha256: str


@dataclass(frozen=True, slots=True)
class SessionEvent:
    """Something that happened in a session; never a token, a code or anything typed into a secret field."""

    name: str
    at: datetime
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """What became of a session, for the app's backend."""

    session_id: str
    stage: Stage
    outcome: Outcome | None
    is_resumed: bool
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    user_id: str | None
    workspace_id: str | None
    scopes: tuple[str, ...]
    public_token: str | None = field(repr=False)
    events: tuple[SessionEvent, ...]

"""The token journey: link token, sign-in, workspace, consent, public token, exchange; each session's record."""

from kryptos.domains.connect.accounts import Account, find_sandbox_address, is_connectable, resolve_account
from kryptos.domains.connect.contracts import (
    CheckedSession,
    Completed,
    Consent,
    LinkSession,
    Outcome,
    SessionEvent,
    SessionRecord,
    Stage,
    StartedSession,
)
from kryptos.domains.connect.errors import (
    ConsentRequired,
    OtherAccount,
    ProviderNotFound,
    ProviderNotSupported,
    SandboxAddressNotAllowed,
    SandboxProviderNotAllowed,
    SessionNotFound,
    SignInRequired,
    StepNotAllowed,
    TokenAlreadyUsed,
    TokenExpired,
    WorkspaceRequired,
)
from kryptos.domains.connect.service.adopt_session import adopt_session
from kryptos.domains.connect.service.check_session import check_session
from kryptos.domains.connect.service.complete_session import complete_session
from kryptos.domains.connect.service.connect_account import (
    connect_account,
    connecting,
    get_connection,
    get_removable_connection,
    list_connections,
)
from kryptos.domains.connect.service.create_link_token import create_link_token
from kryptos.domains.connect.service.exchange_public_token import exchange_public_token
from kryptos.domains.connect.service.give_consent import give_consent
from kryptos.domains.connect.service.open_session import open_session
from kryptos.domains.connect.service.prune import prune
from kryptos.domains.connect.service.record_session import close_session, get_session_record, record_event
from kryptos.domains.connect.service.sign_in import (
    choose_workspace,
    sign_in_as_guest,
    start_email_sign_in,
    verify_email_sign_in,
)

__all__ = [
    "Account",
    "CheckedSession",
    "Completed",
    "Consent",
    "ConsentRequired",
    "LinkSession",
    "OtherAccount",
    "Outcome",
    "ProviderNotFound",
    "ProviderNotSupported",
    "SandboxAddressNotAllowed",
    "SandboxProviderNotAllowed",
    "SessionEvent",
    "SessionNotFound",
    "SessionRecord",
    "SignInRequired",
    "Stage",
    "StartedSession",
    "StepNotAllowed",
    "TokenAlreadyUsed",
    "TokenExpired",
    "WorkspaceRequired",
    "adopt_session",
    "check_session",
    "choose_workspace",
    "close_session",
    "complete_session",
    "connect_account",
    "connecting",
    "create_link_token",
    "exchange_public_token",
    "find_sandbox_address",
    "get_connection",
    "get_removable_connection",
    "get_session_record",
    "give_consent",
    "is_connectable",
    "list_connections",
    "open_session",
    "prune",
    "record_event",
    "resolve_account",
    "sign_in_as_guest",
    "start_email_sign_in",
    "verify_email_sign_in",
]

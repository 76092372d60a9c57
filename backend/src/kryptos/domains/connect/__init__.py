"""The token journey: link token, sign-in, workspace, consent, public token, exchange; each session's record."""

from kryptos.domains.connect.accounts import Account, find_sandbox_address, is_connectable, resolve_account
from kryptos.domains.connect.contracts import (
    AppLogo,
    CheckedSession,
    Completed,
    Consent,
    FramedApp,
    HostedOutcome,
    HostedPage,
    HostedSession,
    LinkSession,
    Outcome,
    OwnershipChallenge,
    OwnershipProof,
    Picture,
    SessionEvent,
    SessionRecord,
    SignedIn,
    Stage,
    StartedSession,
)
from kryptos.domains.connect.engine.picture import NotAPicture
from kryptos.domains.connect.engine.sign_in_message import WalletFamily
from kryptos.domains.connect.errors import (
    ConsentRequired,
    OriginNotAllowed,
    OtherAccount,
    ProofExpired,
    ProofInvalid,
    ProviderNotFound,
    ProviderNotSupported,
    SandboxAddressNotAllowed,
    SandboxProviderNotAllowed,
    SessionNotFound,
    SignInRequired,
    StepNotAllowed,
    TokenAlreadyUsed,
    TokenExpired,
    WidgetKeyRequired,
    WorkspaceRequired,
)
from kryptos.domains.connect.service.adopt_session import adopt_session
from kryptos.domains.connect.service.challenge_ownership import challenge_ownership, prune_challenges
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
from kryptos.domains.connect.service.end_access import end_access, end_accesses
from kryptos.domains.connect.service.exchange_public_token import exchange_public_token
from kryptos.domains.connect.service.find_outcome import find_outcome
from kryptos.domains.connect.service.find_pages import find_framed_app, find_hosted_page
from kryptos.domains.connect.service.give_consent import give_consent
from kryptos.domains.connect.service.keep_app_logo import (
    find_app_logo,
    find_fresh_logo,
    keep_app_logo,
    list_newest_logos,
    picture_of,
    prune_app_logos,
)
from kryptos.domains.connect.service.keep_guest import (
    add_address_in_session,
    add_address_to_guest,
    make_management_link,
    start_adding_address,
)
from kryptos.domains.connect.service.open_hosted_session import open_hosted_session
from kryptos.domains.connect.service.open_session import open_session
from kryptos.domains.connect.service.personal import (
    erase_sessions,
    export_sessions,
    list_seen_since,
    list_sessions_of,
)
from kryptos.domains.connect.service.prune import prune
from kryptos.domains.connect.service.record_session import close_session, get_session_record, record_event
from kryptos.domains.connect.service.settle_reading import Misread, find_misread, settle_reading
from kryptos.domains.connect.service.sign_in import (
    choose_workspace,
    sign_in_as_guest,
    start_email_sign_in,
    verify_email_sign_in,
)

__all__ = [
    "Account",
    "AppLogo",
    "CheckedSession",
    "Completed",
    "Consent",
    "ConsentRequired",
    "FramedApp",
    "HostedOutcome",
    "HostedPage",
    "HostedSession",
    "LinkSession",
    "Misread",
    "NotAPicture",
    "OriginNotAllowed",
    "OtherAccount",
    "Outcome",
    "OwnershipChallenge",
    "OwnershipProof",
    "Picture",
    "ProofExpired",
    "ProofInvalid",
    "ProviderNotFound",
    "ProviderNotSupported",
    "SandboxAddressNotAllowed",
    "SandboxProviderNotAllowed",
    "SessionEvent",
    "SessionNotFound",
    "SessionRecord",
    "SignInRequired",
    "SignedIn",
    "Stage",
    "StartedSession",
    "StepNotAllowed",
    "TokenAlreadyUsed",
    "TokenExpired",
    "WalletFamily",
    "WidgetKeyRequired",
    "WorkspaceRequired",
    "add_address_in_session",
    "add_address_to_guest",
    "adopt_session",
    "challenge_ownership",
    "check_session",
    "choose_workspace",
    "close_session",
    "complete_session",
    "connect_account",
    "connecting",
    "create_link_token",
    "end_access",
    "end_accesses",
    "erase_sessions",
    "exchange_public_token",
    "export_sessions",
    "find_app_logo",
    "find_framed_app",
    "find_fresh_logo",
    "find_hosted_page",
    "find_misread",
    "find_outcome",
    "find_sandbox_address",
    "get_connection",
    "get_removable_connection",
    "get_session_record",
    "give_consent",
    "is_connectable",
    "keep_app_logo",
    "list_connections",
    "list_newest_logos",
    "list_seen_since",
    "list_sessions_of",
    "make_management_link",
    "open_hosted_session",
    "open_session",
    "picture_of",
    "prune",
    "prune_app_logos",
    "prune_challenges",
    "record_event",
    "resolve_account",
    "settle_reading",
    "sign_in_as_guest",
    "start_adding_address",
    "start_email_sign_in",
    "verify_email_sign_in",
]

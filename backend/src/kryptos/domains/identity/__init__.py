"""People: guests, users with an e-mail address, and the mailed codes they sign in with."""

from kryptos.domains.identity.contracts import IssuedCode, Self, User
from kryptos.domains.identity.errors import CodeWrong, SignUpClosed, TooManyCodes, UserNotFound
from kryptos.domains.identity.events import SignInCodeRequested
from kryptos.domains.identity.personal import (
    begin_erasure,
    erase_users,
    export_account_sessions,
    export_addresses,
    export_sign_ins,
    export_users,
    find_user_id,
    list_guests_made_before,
    list_not_erasing,
    list_selves,
    list_with_claimed,
)
from kryptos.domains.identity.service import (
    carry_over_codes,
    create_guest,
    get_user,
    invite,
    issue_sign_in_code,
    prune,
    read_profile,
    request_sign_in_code,
    resume_user,
    suspend_user,
    verify_sign_in_code,
)

__all__ = [
    "CodeWrong",
    "IssuedCode",
    "Self",
    "SignInCodeRequested",
    "SignUpClosed",
    "TooManyCodes",
    "User",
    "UserNotFound",
    "begin_erasure",
    "carry_over_codes",
    "create_guest",
    "erase_users",
    "export_account_sessions",
    "export_addresses",
    "export_sign_ins",
    "export_users",
    "find_user_id",
    "get_user",
    "invite",
    "issue_sign_in_code",
    "list_guests_made_before",
    "list_not_erasing",
    "list_selves",
    "list_with_claimed",
    "prune",
    "read_profile",
    "request_sign_in_code",
    "resume_user",
    "suspend_user",
    "verify_sign_in_code",
]

"""People: guests, users with an e-mail address, and the mailed codes they sign in with."""

from kryptos.domains.identity.contracts import IssuedCode, User
from kryptos.domains.identity.errors import CodeWrong, SignUpClosed, TooManyCodes
from kryptos.domains.identity.events import SignInCodeRequested
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
    "SignInCodeRequested",
    "SignUpClosed",
    "TooManyCodes",
    "User",
    "carry_over_codes",
    "create_guest",
    "get_user",
    "invite",
    "issue_sign_in_code",
    "prune",
    "read_profile",
    "request_sign_in_code",
    "resume_user",
    "suspend_user",
    "verify_sign_in_code",
]

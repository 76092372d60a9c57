"""What can go wrong while signing in."""

from kryptos.kernel.errors import Kind, KryptosError


class CodeWrong(KryptosError):
    """The code is wrong, expired, used up or was never sent: one answer for all, and the try is counted."""

    code = "CODE_INVALID"
    kind = Kind.INVALID
    keeps_writes = True
    default_message = (
        "That code is not right or no longer valid. Check the newest mail, or ask for a new code."
    )


class TooManyCodes(KryptosError):
    """More codes were asked for than one address may get in a quarter of an hour."""

    code = "RATE_LIMIT_EXCEEDED"
    kind = Kind.RATE_LIMITED
    default_message = "Too many codes were sent to this address. Wait a quarter of an hour, then ask again."


class SignUpClosed(KryptosError):
    """The operator does not let new people in."""

    code = "SIGNUP_CLOSED"
    kind = Kind.FORBIDDEN
    default_message = (
        "This service takes no new people at the moment. Sign in with an address it already knows."
    )


class UserNotFound(KryptosError):
    """No such person."""

    code = "USER_NOT_FOUND"
    kind = Kind.NOT_FOUND
    default_message = "There is no such user."

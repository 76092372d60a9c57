"""What can go wrong with people and their ways in."""

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


class MailUnavailable(KryptosError):
    """This server cannot send mail."""

    code = "EMAIL_SIGN_IN_UNAVAILABLE"
    kind = Kind.CONFLICT
    default_message = (
        "This server sends no mail, so nothing that needs a mailed code is offered. Go on as a guest."
    )


class NotSignedIn(KryptosError):
    """No account session, or one that has ended."""

    code = "NOT_SIGNED_IN"
    kind = Kind.UNAUTHENTICATED
    default_message = "Nobody is signed in here, or the session has ended. Sign in again."


class ManagementLinkInvalid(KryptosError):
    """A management link that was used, was replaced by a newer one, or never existed: one answer for all."""

    code = "MANAGEMENT_LINK_INVALID"
    kind = Kind.UNAUTHENTICATED
    default_message = (
        "This link does not work any more: it opens once, and a newer one replaces it. Use the newest one, or sign in "
        "with the address that was added."
    )


class NotAGuest(KryptosError):
    """Something that only guests need, asked for by a person with an address or for a claimed guest."""

    code = "NOT_A_GUEST"
    kind = Kind.CONFLICT
    default_message = "This needs a guest: an e-mail address is known here already. Sign in with it."

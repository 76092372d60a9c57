"""What can go wrong with grants and access tokens."""

from kryptos.kernel.errors import Kind, KryptosError


class InvalidToken(KryptosError):
    """A token that is unknown, expired, or made for somebody else."""

    code = "INVALID_TOKEN"
    kind = Kind.UNAUTHENTICATED
    default_message = "Invalid or expired token. Let the user connect again to receive a new one."


class InvalidGrant(KryptosError):
    """The grant behind a token was revoked or no longer holds."""

    code = "INVALID_GRANT"
    kind = Kind.UNAUTHENTICATED
    default_message = "Access was revoked. Let the user connect again."


class GrantNotFound(KryptosError):
    """No such grant of this client."""

    code = "INVALID_GRANT"
    kind = Kind.NOT_FOUND
    default_message = "This client has no such grant. `GET /token/grants` lists those it has."

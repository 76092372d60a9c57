"""What can go wrong with clients."""

from kryptos.kernel.errors import Kind, KryptosError


class InvalidClient(KryptosError):
    """Client credentials that are missing, wrong or suspended."""

    code = "INVALID_CLIENT"
    kind = Kind.UNAUTHENTICATED
    default_message = (
        "Invalid client credentials. Send the client id in X-Client-Id and a live secret in X-Client-Secret."
    )


class InvalidScope(KryptosError):
    """Scopes outside what the client, or the grant, may ask for."""

    code = "INVALID_SCOPE"
    kind = Kind.INVALID
    default_message = "Some of the requested scopes may not be asked for; the message names them."


class ClientNotFound(KryptosError):
    """No such client."""

    code = "CLIENT_NOT_FOUND"
    kind = Kind.NOT_FOUND
    default_message = "There is no such client. `kryptos client list` shows those that exist."

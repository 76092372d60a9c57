"""What can go wrong with connected accounts."""

from kryptos.kernel.errors import InvalidInput, Kind, KryptosError


class IntegrationNotFound(KryptosError):
    """No such connection in this workspace."""

    code = "INTEGRATION_NOT_FOUND"
    kind = Kind.NOT_FOUND
    default_message = "There is no such connection. `GET /api/v1/integrations` lists those there are."


class DuplicateConnection(KryptosError):
    """The account is connected already (contract X-13)."""

    code = "DUPLICATE_CONNECTION"
    kind = Kind.CONFLICT
    default_message = "This account is connected already. Nothing was changed."

    def __init__(self, *, existing_wallet_id: str) -> None:
        super().__init__(facts={"existing_wallet_id": existing_wallet_id})


class ChainsInvalid(InvalidInput):
    """The chains asked for are none, too many, or not those of the provider or the address."""

    def __init__(self, message: str) -> None:
        super().__init__(message, details=[{"code": "invalid_value", "path": ["chains"], "message": message}])


class AliasInvalid(InvalidInput):
    """The name is empty or too long."""

    default_message = "A name has 1 to 100 characters."

    def __init__(self) -> None:
        message = self.default_message
        super().__init__(message, details=[{"code": "invalid_value", "path": ["alias"], "message": message}])

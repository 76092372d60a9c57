"""What can go wrong on the token journey."""

from kryptos.kernel.errors import InvalidInput, Kind, KryptosError


class TokenExpired(KryptosError):
    """A link or public token after its 30 minutes."""

    code = "TOKEN_EXPIRED"
    kind = Kind.INVALID
    default_message = "This token has expired: it lives 30 minutes. Create a new link token."


class TokenAlreadyUsed(KryptosError):
    """A link token whose session has ended, or a public token that was exchanged."""

    code = "TOKEN_ALREADY_USED"
    kind = Kind.INVALID
    default_message = "This token was already used. Create a new link token."


class SignInRequired(KryptosError):
    """A step that needs a person, in a session that has none yet."""

    code = "SIGN_IN_REQUIRED"
    kind = Kind.CONFLICT
    default_message = (
        "Nobody has signed in to this session yet, or the call lacks the X-Widget-Key that signing in returned. Sign "
        "in with a mailed code or go on as a guest first."
    )


class WidgetKeyRequired(KryptosError):
    """What gives a way into the consent centre, asked for without the widget's key: apps hold link tokens too."""

    code = "WIDGET_KEY_REQUIRED"
    kind = Kind.FORBIDDEN
    default_message = (
        "This needs the X-Widget-Key that going on as a guest returned. A widget that has lost it cannot get another "
        "one for the same guest: begin a new session."
    )


class ConsentRequired(KryptosError):
    """A step that needs the person's consent, in a session that has none yet."""

    code = "CONSENT_REQUIRED"
    kind = Kind.CONFLICT
    default_message = (
        "The user has not consented yet, or the call lacks the X-Widget-Key that signing in returned. Send POST "
        "/link-token/consent first."
    )


class WorkspaceRequired(KryptosError):
    """The person has several workspaces and has not said which one to share."""

    code = "WORKSPACE_REQUIRED"
    kind = Kind.CONFLICT
    default_message = "This user has several workspaces. Choose one with POST /link-token/workspace first."


class StepNotAllowed(KryptosError):
    """A step that this session does not have: a resumed session is signed in and has its consent."""

    code = "STEP_NOT_ALLOWED"
    kind = Kind.CONFLICT
    default_message = (
        "This session continues an existing grant: signing in, choosing a workspace and consent are done."
    )


class SessionNotFound(KryptosError):
    """No such session of this client."""

    code = "SESSION_NOT_FOUND"
    kind = Kind.NOT_FOUND
    default_message = "This client has no such session."


class ProviderNotFound(KryptosError):
    """No provider of this id."""

    code = "PROVIDER_NOT_FOUND"
    kind = Kind.NOT_FOUND
    default_message = "There is no such provider. `GET /integrations/public/list` lists those there are."


class ProviderNotSupported(KryptosError):
    """A provider that is known but cannot be read yet."""

    code = "PROVIDER_NOT_SUPPORTED"
    kind = Kind.INVALID
    default_message = (
        "This provider cannot be connected yet. `isWorking` in the list of providers says which can."
    )


class SandboxProviderNotAllowed(KryptosError):
    """A provider other than Ethereum and Solana, by an app in sandbox mode (contract K-193)."""

    code = "SANDBOX_PROVIDER_NOT_ALLOWED"
    kind = Kind.INVALID
    default_message = "This app is in sandbox mode, where only Ethereum and Solana can be connected."


class SandboxAddressNotAllowed(KryptosError):
    """An address other than the test addresses, by an app in sandbox mode (contract K-193)."""

    code = "SANDBOX_ADDRESS_NOT_ALLOWED"
    kind = Kind.INVALID
    default_message = (
        "This app is in sandbox mode, where no real address is read. Use the test address of this chain or choose a "
        "test account."
    )


class OtherAccount(InvalidInput):
    """Another account than the one that this session is to repair."""

    default_message = "This session repairs one connection: its provider and address must stay the same."


class OriginNotAllowed(InvalidInput):
    """The page whose wallet is to sign is none of the client's, nor this server's own."""

    code = "ORIGIN_NOT_ALLOWED"
    default_message = (
        "This origin is not one of the client's allowed origins. Register it, in the form https://app.example.com: "
        "`kryptos client update --allowed-origin`."
    )

    def __init__(self) -> None:
        message = self.default_message
        super().__init__(
            message, details=[{"code": "not_registered", "path": ["origin"], "message": message}]
        )


class ProofInvalid(KryptosError):
    """The signature is not that of the account being connected, or the text is not the one that was given out."""

    code = "PROOF_INVALID"
    kind = Kind.INVALID
    default_message = (
        "The wallet's signature does not prove this account: another account signed, the text was changed, or the "
        "account is a contract, whose signatures cannot be checked here. Choose this account in the wallet and sign "
        "again, or connect it without proof."
    )


class ProofExpired(KryptosError):
    """The text to sign is over ten minutes old, was used or replaced, or was never given out for this account."""

    code = "PROOF_EXPIRED"
    kind = Kind.CONFLICT
    default_message = (
        "There is no text to sign for this account in this session any more: it is good for ten minutes and once. Get "
        "a new one with POST /link-token/ownership/challenge and sign that."
    )

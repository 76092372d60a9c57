"""What can come of asking somebody else's server: one error, and the few kinds of it that a caller treats apart."""

from typing import ClassVar

from kryptos.kernel.errors import Kind, KryptosError


class CouldNotLook(KryptosError):
    """The provider did not answer as it should; what is known stays as it is, with its age.

    The message names the upstream and its host, never a path, a query or a header: those hold keys.
    """

    code: ClassVar[str] = "PROVIDER_UNREACHABLE"
    kind: ClassVar[Kind] = Kind.UNAVAILABLE


class ProviderRefused(CouldNotLook):
    """The provider answered, and said no: a wrong key, a missing right, a limit of the plan."""

    code: ClassVar[str] = "PROVIDER_REFUSED"


class AnswerTooLate(CouldNotLook):
    """The answer did not come in time: asking for less may help."""


class AnswerTooLarge(CouldNotLook):
    """The answer is larger than we are ready to read: asking for less may help."""

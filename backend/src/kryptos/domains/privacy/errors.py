"""What can go wrong with erasures."""

from kryptos.kernel.errors import Kind, KryptosError


class ErasureUnderWay(KryptosError):
    """The person is being erased already."""

    code = "ERASURE_UNDER_WAY"
    kind = Kind.CONFLICT
    default_message = "This person is being erased already. It goes on by itself; there is nothing to do."


class ErasureNotFound(KryptosError):
    """No such erasure, or another key."""

    code = "ERASURE_NOT_FOUND"
    kind = Kind.NOT_FOUND
    default_message = "There is no such erasure, or this is not its key."

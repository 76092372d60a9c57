"""What can go wrong while syncing, beyond what providers say."""

from kryptos.kernel.errors import Kind, KryptosError


class SyncOvertaken(KryptosError):
    """The connection was removed, paused or is to be read from the start: what this sync still brings is not wanted."""

    code = "SYNC_OVERTAKEN"
    kind = Kind.CONFLICT
    default_message = "The connection has changed since this sync began; a newer one takes over."

"""What nodes say when they do not answer, sorted by what can be done about it.

Codes are those of Agave's ``rpc-client-api`` (custom_error.rs); providers add their own, so texts are read as well.
"""

import re

from kryptos.providers.chains.json_rpc import NodeAnsweredWithError, NodeBusy, read_error
from kryptos.providers.contracts import CouldNotLook


class HistoryUnavailable(NodeAnsweredWithError):
    """The node does not keep that part of the ledger: another one may."""


class VersionUnknown(NodeAnsweredWithError):
    """The transaction is of a version that did not exist when this was written."""


class NotGivenYet(CouldNotLook):
    """The node lists a transaction, and will give it a little later."""


_BUSY_CODES = frozenset(
    {
        429,
        -32429,
        -32004,  # block not available for the slot (yet)
        -32005,  # node is unhealthy: it is behind by some slots
        -32014,  # block status not yet available
        -32016,  # minimum context slot has not been reached
    }
)
_HISTORY_CODES = frozenset(
    {
        -32001,  # block cleaned up: it does not exist on this node
        -32007,  # slot was skipped, or is missing due to a jump to a recent snapshot
        -32009,  # slot was skipped, or is missing in long-term storage
        -32011,  # transaction history is not available from this node
        -32019,  # long-term storage could not be reached
    }
)
_VERSION_CODE = -32015
_BUSY = re.compile(
    r"rate.?limit|too many requests|request limit|throughput|quota|compute units|limit exceeded|credits",
    re.IGNORECASE,
)


def error_of(error: object, *, method: str, node: str) -> NodeAnsweredWithError:
    """Return the error that an error object stands for."""
    told = read_error(error, method=method, node=node)
    code, said, message = told.code, told.said, told.message
    if code in _BUSY_CODES or _BUSY.search(said):
        return NodeBusy(message)
    if code in _HISTORY_CODES:
        return HistoryUnavailable(message)
    if code == _VERSION_CODE:
        return VersionUnknown(message)
    return NodeAnsweredWithError(message)

"""What nodes say when they do not answer, sorted by what can be done about it.

Nodes agree on codes only in part (EIP-1474, and each provider's own pages), so texts are read as well.
"""

import re
from collections.abc import Mapping

from kryptos.providers.chains.json_rpc import NodeAnsweredWithError, NodeBusy, read_error


class RangeTooWide(NodeAnsweredWithError):
    """The node does not search that many blocks, or does not give that many logs, at once."""

    def __init__(self, message: str, *, blocks: int | None = None) -> None:
        super().__init__(message)
        self.blocks = blocks
        """How many blocks it would search, where it says so."""


class StateUnavailable(NodeAnsweredWithError):
    """The node no longer knows, or does not know yet, the state of that block."""


class CallReverted(NodeAnsweredWithError):
    """The contract refused the call, or ran out of gas."""


_TOO_WIDE = re.compile(
    r"query returned more than|more than \d+ (?:results|logs)|too many (?:results|logs)|(?:block|log) ?range"
    r"|range (?:is )?too (?:large|wide|big)|exceeds? (?:the )?(?:max|limit).*(?:block|range|result|response)"
    r"|response size|result set|limited to .*block|query timeout|ranges over|max(?:imum)? (?:is|block)",
    re.IGNORECASE,
)
_BLOCKS = re.compile(r"(\d[\d,_]*)(k?)[\s-]*blocks?\b", re.IGNORECASE)
_BUSY = re.compile(
    r"rate.?limit|too many requests|request limit|throughput|capacity|quota|compute units|limit exceeded",
    re.IGNORECASE,
)
_NO_STATE = re.compile(
    r"missing trie node|state .*(?:not available|unavailable|pruned|not found)|(?:header|block) not found"
    r"|unknown block|archive|pruned|historical state|no state|world state|block is too old",
    re.IGNORECASE,
)
_REVERTED = re.compile(
    r"revert|out of gas|invalid opcode|invalid jump|stack (?:under|over)flow|gas required exceeds",
    re.IGNORECASE,
)


def error_of(error: object, *, method: str, node: str) -> NodeAnsweredWithError:
    """Return the error that an error object stands for."""
    told = read_error(error, method=method, node=node)
    code, said, message = told.code, told.said, told.message
    if method == "eth_getLogs" and (_TOO_WIDE.search(said) or code == -32602):
        return RangeTooWide(message, blocks=_named_blocks(said))
    if code in {-32005, 429, -32029, -32097} or _BUSY.search(said):
        return NodeBusy(message, retry_after_seconds=_asked_wait(told.data))
    if code == 3 or _REVERTED.search(said):
        return CallReverted(message)
    if _NO_STATE.search(said):
        return StateUnavailable(message)
    return NodeAnsweredWithError(message)


def _named_blocks(text: str) -> int | None:
    """Return how many blocks the node says it would search: ``limited to a 10,000 block range``."""
    found = [
        int(re.sub(r"[,_]", "", digits)) * (1000 if thousands else 1)
        for digits, thousands in _BLOCKS.findall(text)
    ]
    return min(found) if found and min(found) > 0 else None


def _asked_wait(data: object) -> int | None:
    """Return the wait that Infura names: ``{"rate": {"backoff_seconds": 30}}``."""
    rate = data.get("rate") if isinstance(data, Mapping) else None
    wait = rate.get("backoff_seconds") if isinstance(rate, Mapping) else None
    return int(wait) if wait is not None and str(wait).isdigit() else None

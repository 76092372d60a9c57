"""Export and erasure of everything that is kept about a person."""

from kryptos.domains.privacy.contracts import Erasure, ErasureState, Reason, RequestedErasure, Transactions
from kryptos.domains.privacy.errors import ErasureNotFound, ErasureUnderWay
from kryptos.domains.privacy.events import ErasureRequested
from kryptos.domains.privacy.service.export import export_parts
from kryptos.domains.privacy.service.request import get_erasure, request_erasure

__all__ = [
    "Erasure",
    "ErasureNotFound",
    "ErasureRequested",
    "ErasureState",
    "ErasureUnderWay",
    "Reason",
    "RequestedErasure",
    "Transactions",
    "export_parts",
    "get_erasure",
    "request_erasure",
]

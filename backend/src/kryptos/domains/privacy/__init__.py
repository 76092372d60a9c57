"""Export and erasure of everything that is kept about a person."""

from kryptos.domains.privacy.contracts import Erasure, ErasureState, Reason, RequestedErasure, Transactions
from kryptos.domains.privacy.errors import ErasureNotFound, ErasureUnderWay
from kryptos.domains.privacy.events import ErasureRequested
from kryptos.domains.privacy.kept import KEPT, Fate, Kept
from kryptos.domains.privacy.service.count_erasures import ErasureCounts, count_erasures
from kryptos.domains.privacy.service.erase import erase_person, erase_step, list_open_erasures
from kryptos.domains.privacy.service.export import export_parts
from kryptos.domains.privacy.service.forsaken import erase_forsaken_guests
from kryptos.domains.privacy.service.request import get_erasure, request_erasure
from kryptos.domains.privacy.service.scrub_files import scrub_files

__all__ = [
    "KEPT",
    "Erasure",
    "ErasureCounts",
    "ErasureNotFound",
    "ErasureRequested",
    "ErasureState",
    "ErasureUnderWay",
    "Fate",
    "Kept",
    "Reason",
    "RequestedErasure",
    "Transactions",
    "count_erasures",
    "erase_forsaken_guests",
    "erase_person",
    "erase_step",
    "export_parts",
    "get_erasure",
    "list_open_erasures",
    "request_erasure",
    "scrub_files",
]

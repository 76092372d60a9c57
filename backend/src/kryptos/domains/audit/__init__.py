"""Who did what, on what, when, from where, with which outcome: append-only, one hash chain per workspace."""

from kryptos.domains.audit.contracts import Actor, ActorKind, ChainReport
from kryptos.domains.audit.personal import export_records
from kryptos.domains.audit.service import destroy_personal_key, record, seal, verify

__all__ = [
    "Actor",
    "ActorKind",
    "ChainReport",
    "destroy_personal_key",
    "export_records",
    "record",
    "seal",
    "verify",
]

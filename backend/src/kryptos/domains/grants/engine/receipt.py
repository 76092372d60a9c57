"""What a consent receipt says, after ISO/IEC TS 27560:2023, whose words its fields are, and Kantara's receipt 1.1.

It names the person by id alone: no address, no name, nothing of their wallets. What this server does not know is
declared absent instead of being left out, so that nobody takes silence for a fact.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

Event = Literal["given", "renewed", "revoked"]

VERSION = "kryptos-consent-receipt-1"
_FORM = "after ISO/IEC TS 27560:2023 and Kantara Consent Receipt 1.1"
_SERVICE = "Kryptos Connect"
_TERMINATION = (
    "Access lasts until it expires or is ended. The person ends it in the consent centre of the installation, "
    "the app through the API, effective from the next call on."
)
_RETENTION = (
    "The installation keeps what it has read while it is connected. What the controller does with what it has "
    "received is told by the controller."
)
_ABSENT = (
    "privacy_notice",
    "controller_address",
    "controller_email",
    "controller_phone",
    "jurisdictions",
    "storage_locations",
    "recipient_third_parties",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantChange:
    """A change of a grant, as it stands after it; ``scopes`` with what each allows in plain words."""

    receipt_id: str
    previous_receipt_id: str | None
    event: Event
    at: datetime
    by: str
    """What kind of party made it: client, user, operator or system."""
    grant_id: str
    user_id: str
    workspace_id: str
    scopes: tuple[tuple[str, str], ...]
    consented_at: datetime
    expires_at: datetime
    client_id: str
    client_name: str
    client_workspace_id: str
    mode: str


def receipt_payload(change: GrantChange) -> dict[str, object]:
    """Return the payload to sign, every field in a fixed order."""
    is_over = change.event == "revoked"
    return {
        "schema_version": VERSION,
        "schema": _FORM,
        "receipt_id": change.receipt_id,
        "previous_receipt_id": change.previous_receipt_id,
        "record_id": change.grant_id,
        "language": "en",
        "service": _SERVICE,
        "pii_principal_id": change.user_id,
        "workspace_id": change.workspace_id,
        "event": {
            "event_type": change.event,
            "event_state": "withdrawn" if is_over else "active",
            "event_time": _instant(change.at),
            "entity_type": change.by,
            "consent_type": "explicit",
            "collection_method": "consent screen of the connect widget",
            "consented_at": _instant(change.consented_at),
            "valid_until": _instant(change.at if is_over else change.expires_at),
            "expires_at": _instant(change.expires_at),
        },
        "pii_controllers": [
            {
                "party_id": change.client_id,
                "party_name": change.client_name,
                "party_role": "pii_controller",
                "party_type": "app",
                "workspace_id": change.client_workspace_id,
                "mode": change.mode,
            }
        ],
        "purposes": [
            {"scope": scope, "purpose": words, "lawful_basis": "consent"} for scope, words in change.scopes
        ],
        "withdrawal_method": _TERMINATION,
        "retention_period": _RETENTION,
        "declared_absent": list(_ABSENT),
    }


def _instant(at: datetime) -> str:
    """Return an instant as RFC 3339 writes it, in UTC, to the microsecond."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

"""Limits of the token journey (contract §1.4 and the rulings)."""

import re
from datetime import timedelta

LINK_TOKEN_LIFETIME = timedelta(minutes=30)
PUBLIC_TOKEN_LIFETIME = timedelta(minutes=30)
ADOPTABLE_FOR = timedelta(hours=24)
"""How long after its expiry a session can still be taken over by a new link token of the same client."""
RECORD_KEPT_FOR = timedelta(days=90)
"""How long the record of an ended session is kept."""

EVENTS_PER_SESSION = 500
EVENT_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_.:-]{0,63}")
EVENT_DETAILS_BYTES = 2048

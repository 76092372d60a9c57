"""Limits of the token journey (contract §1.4 and the rulings)."""

import re
from datetime import timedelta

LINK_TOKEN_LIFETIME = timedelta(minutes=30)
PUBLIC_TOKEN_LIFETIME = timedelta(minutes=30)
OUTCOME_TOLD_FOR = timedelta(minutes=30)
"""How long after its end a hosted session's link token can still ask what came of it."""
ADOPTABLE_FOR = timedelta(hours=24)
"""How long after its expiry a session can still be taken over by a new link token of the same client."""
RECORD_KEPT_FOR = timedelta(days=90)
"""How long the record of an ended session is kept."""
UNSHARED_READ_FOR = timedelta(hours=24)
"""How long an account is read that was connected and that no app may read yet: its session may still be exchanged."""

EVENTS_PER_SESSION = 500
EVENT_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_.:-]{0,63}")
EVENT_DETAILS_BYTES = 2048

CHALLENGE_LIFETIME = timedelta(minutes=10)
"""How long a wallet has to sign that an account is its person's."""
NONCE_BYTES = 16

LOGO_FRESH_FOR = timedelta(days=1)
"""How long the picture of an app is shown before it is fetched again."""
LOGO_FAILURE_FRESH_FOR = timedelta(minutes=10)
"""How long it is not asked for again after that failed."""
LOGO_KEPT_FOR = timedelta(days=7)
"""How long a picture stays where a page may still show it."""
LOGOS_PER_CLIENT = 20
"""Addresses of pictures that one client can have remembered; the oldest make room."""

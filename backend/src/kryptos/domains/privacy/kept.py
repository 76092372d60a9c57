"""Everything that is kept, and what becomes of it: the one table behind export, erasure, retention and the docs.

A test derives the list of tables from the schema and fails for one that has no row here.
"""

from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What an erasure does with a person's rows of a table."""

    ERASED = "erased"
    SHARED = "erased, or left to another owner"
    IDS = "kept under ids that lead to nobody"
    NOBODY = "nobody's in particular"
    APPS = "of apps, not of people"
    OPERATION = "of running this server"


@dataclass(frozen=True, slots=True)
class Kept:
    """A table: what stands in it and why, how long at most, where the export tells it, and what erasing does."""

    table: str
    what: str
    why: str
    how_long: str
    fate: Fate
    told: str | None = None
    """The section of the export; None: nothing of a person stands there, or nothing that they could read."""


_UNTIL = "until erased"
_CONNECTED = "until the connection is removed, or erased"

KEPT: tuple[Kept, ...] = (
    Kept("users", "e-mail address, name, language", "to know you again",
        "until erased; guests of whom no app may read anything: `KRYPTOS_GUEST_DAYS`", Fate.ERASED, "person"),
    Kept("account_sessions", "browsers signed in to the consent centre", "to keep you signed in", "30 days",
        Fate.ERASED, "account_sessions"),
    Kept("sign_in_challenges", "address and app of a mailed code, a digest of the code", "to sign you in",
        "about half an hour", Fate.ERASED, "sign_in_codes"),
    Kept("sign_in_addresses", "when a code was last asked for an address", "to bound how many are mailed",
        "about half an hour", Fate.ERASED, "addresses"),
    Kept("invitations", "addresses that the operator has let in", "to admit you", _UNTIL, Fate.ERASED, "addresses"),
    Kept("mailbox_mails", "mails, in the demo alone", "to read them there instead of sending them",
        "7 days, the latest 200", Fate.ERASED, "mails"),
    Kept("workspaces", "name and currency of a workspace", "your data belongs to it", _UNTIL, Fate.SHARED,
        "workspaces"),
    Kept("memberships", "who is a member in which role", "to know what is yours", _UNTIL, Fate.ERASED, "workspaces"),
    Kept("grants", "what you let an app read, since when", "to let it, and to show it to you", _UNTIL, Fate.ERASED,
        "grants"),
    Kept("access_tokens", "when an app got a token and last used it, a digest of it", "to recognise the app", _UNTIL,
        Fate.ERASED, "access_tokens"),
    Kept("consent_receipts", "signed statements of what you gave and ended", "so that you can prove it", _UNTIL,
        Fate.ERASED, "consent_receipts"),
    Kept("access_records", "when an app read what, how many rows", "to show it to you",
        "`KRYPTOS_ACCESS_RECORD_DAYS`", Fate.ERASED, "access_records"),
    Kept("link_sessions", "a run of the widget: app, workspace, consent, times",
        "to go through it, and to tell the app what became of it", "90 days", Fate.ERASED, "link_sessions"),
    Kept("session_events", "what happened in a run of the widget", "the same", "90 days", Fate.ERASED,
        "link_sessions"),
    Kept("public_tokens", "when a token of a run was made and used, a digest of it", "to exchange it once", "90 days",
        Fate.ERASED, "link_sessions"),
    Kept("ownership_challenges", "an address and the text to sign for it", "to check that it is yours",
        "about an hour", Fate.ERASED, "link_sessions"),
    Kept("connection_tests", "an address that was tried", "to say whether it can be read", "about two hours",
        Fate.ERASED, "connection_tests"),
    Kept("idempotency_records", "answers to repeated calls, sealed under the caller's own credential",
        "to answer a repeated call alike", "24 hours", Fate.ERASED),
    Kept("integrations", "a connected address, its name, how reading it went", "to read it", _CONNECTED, Fate.SHARED,
        "connections"),
    Kept("integration_chains", "the chains of a connected address", "so that none is connected twice", _CONNECTED,
        Fate.SHARED, "connections"),
    Kept("integration_stages", "how reading each chain went", "to tell you", _CONNECTED, Fate.SHARED, "connections"),
    Kept("sync_cursors", "how far reading has come", "to go on from there", _CONNECTED, Fate.SHARED, "sync_cursors"),
    Kept("balances", "what an address holds", "to show it to the apps you let", _CONNECTED, Fate.SHARED, "balances"),
    Kept("transactions", "what moved at an address", "the same", _CONNECTED, Fate.SHARED, "transactions"),
    Kept("ledger_entries", "the same, one row for each movement", "to add it up", _CONNECTED, Fate.SHARED,
        "transactions"),
    Kept("portfolio_versions", "how often a portfolio has changed", "to render it anew", _CONNECTED, Fate.SHARED),
    Kept("holdings_renderings", "balances as an app was last told them", "to answer quickly", _CONNECTED,
        Fate.SHARED),
    Kept("audit_records", "who did what when; network addresses sealed under a key of yours",
        "to find out what happened", "for good", Fate.IDS, "audit_records"),
    Kept("audit_keys", "your key of the audit log", "to open your network addresses, for you", _UNTIL, Fate.ERASED),
    Kept("erasures", "that somebody was erased, how many rows of what, the proof; not who", "to prove it to you",
        "for good", Fate.IDS),
    Kept("assets", "names and contracts of assets", "facts of chains; one known from you alone is erased with you",
        "for good", Fate.NOBODY),
    Kept("prices", "what assets were worth", "facts of markets", "for good", Fate.NOBODY),
    Kept("latest_prices", "the same, newest", "facts of markets", "a month after nobody holds the asset",
        Fate.NOBODY),
    Kept("price_epochs", "how often prices have changed", "to render portfolios anew", "for good", Fate.NOBODY),
    Kept("price_watch", "which assets are to be priced", "to ask for prices", "a month after nobody holds the asset",
        Fate.NOBODY),
    Kept("clients", "apps and how they are set up", "to serve them", "for good", Fate.APPS),
    Kept("client_secrets", "digests of their secrets", "to recognise them", "for good", Fate.APPS),
    Kept("app_logos", "their pictures", "to show them", "a week", Fate.APPS),
    Kept("receipt_keys", "public keys that have signed receipts and proofs", "so that these can be checked",
        "for good", Fate.OPERATION),
    Kept("jobs", "work to be done, by ids; of work that failed why", "to do it", "until done; failed: 30 days",
        Fate.ERASED),
    Kept("outbox", "what happened, by ids, until a worker takes it up", "to do what follows", "seconds",
        Fate.OPERATION),
    Kept("backups", "when a backup was made, how large it was", "to say when the last one was", "for good",
        Fate.OPERATION),
    Kept("job_periods", "when periodic work is due", "to do it", "for good", Fate.OPERATION),
    Kept("worker_heartbeats", "which workers run", "to notice when none does", "a day", Fate.OPERATION),
)  # fmt: skip

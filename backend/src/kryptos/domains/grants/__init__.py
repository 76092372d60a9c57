"""Grants: what a person lets an app do in a workspace, for how long, and the access tokens that carry it."""

from kryptos.domains.grants.contracts import Access, AccessStatus, FoundAccess, Grant, IssuedAccess, Rider
from kryptos.domains.grants.errors import GrantNotFound, InvalidGrant, InvalidToken
from kryptos.domains.grants.events import GrantActivated, GrantRevoked
from kryptos.domains.grants.personal import (
    erase_accesses,
    erase_grants,
    export_access_tokens,
    export_accesses,
    export_grants,
    export_receipts,
    list_unrevoked,
    list_with_access_since,
)
from kryptos.domains.grants.policy import ACCESS_TOKEN_SECONDS, GRANT_YEARS, grant_expiry
from kryptos.domains.grants.service import (
    activate_grant,
    authenticate_access_token,
    find_access,
    get_active_access,
    list_active_grants,
    list_shared_workspaces,
    record_use,
    revoke_grant,
    rotate_access_token,
)

__all__ = [
    "ACCESS_TOKEN_SECONDS",
    "GRANT_YEARS",
    "Access",
    "AccessStatus",
    "FoundAccess",
    "Grant",
    "GrantActivated",
    "GrantNotFound",
    "GrantRevoked",
    "InvalidGrant",
    "InvalidToken",
    "IssuedAccess",
    "Rider",
    "activate_grant",
    "authenticate_access_token",
    "erase_accesses",
    "erase_grants",
    "export_access_tokens",
    "export_accesses",
    "export_grants",
    "export_receipts",
    "find_access",
    "get_active_access",
    "grant_expiry",
    "list_active_grants",
    "list_shared_workspaces",
    "list_unrevoked",
    "list_with_access_since",
    "record_use",
    "revoke_grant",
    "rotate_access_token",
]

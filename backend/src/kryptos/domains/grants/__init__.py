"""Grants: what a person lets an app do in a workspace, for how long, and the access tokens that carry it."""

from kryptos.domains.grants.contracts import (
    Access,
    AccessRecord,
    AccessStatus,
    FoundAccess,
    Grant,
    GrantOverview,
    GrantStatus,
    IssuedAccess,
    Receipt,
    Rider,
)
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
from kryptos.domains.grants.policy import (
    ACCESS_TOKEN_SECONDS,
    ACCESSES_COUNTED,
    GRANT_YEARS,
    GRANTS_SHOWN,
    RECEIPTS_SHOWN,
    grant_expiry,
)
from kryptos.domains.grants.service.accesses import (
    list_accesses,
    prune_accesses,
    record_accesses,
    record_use,
)
from kryptos.domains.grants.service.activate_grant import activate_grant
from kryptos.domains.grants.service.authenticate import authenticate_access_token
from kryptos.domains.grants.service.count_grants import count_grants
from kryptos.domains.grants.service.find_access import find_access, get_active_access, rotate_access_token
from kryptos.domains.grants.service.grants_of_people import get_grant_of, list_grants_of
from kryptos.domains.grants.service.list_grants import (
    count_active_grants,
    get_grant,
    list_active_grants,
    list_active_on,
    list_read,
    list_shared_workspaces,
)
from kryptos.domains.grants.service.receipts import list_receipts
from kryptos.domains.grants.service.revoke_grant import revoke_grant

__all__ = [
    "ACCESSES_COUNTED",
    "ACCESS_TOKEN_SECONDS",
    "GRANTS_SHOWN",
    "GRANT_YEARS",
    "RECEIPTS_SHOWN",
    "Access",
    "AccessRecord",
    "AccessStatus",
    "FoundAccess",
    "Grant",
    "GrantActivated",
    "GrantNotFound",
    "GrantOverview",
    "GrantRevoked",
    "GrantStatus",
    "InvalidGrant",
    "InvalidToken",
    "IssuedAccess",
    "Receipt",
    "Rider",
    "activate_grant",
    "authenticate_access_token",
    "count_active_grants",
    "count_grants",
    "erase_accesses",
    "erase_grants",
    "export_access_tokens",
    "export_accesses",
    "export_grants",
    "export_receipts",
    "find_access",
    "get_active_access",
    "get_grant",
    "get_grant_of",
    "grant_expiry",
    "list_accesses",
    "list_active_grants",
    "list_active_on",
    "list_grants_of",
    "list_read",
    "list_receipts",
    "list_shared_workspaces",
    "list_unrevoked",
    "list_with_access_since",
    "prune_accesses",
    "record_accesses",
    "record_use",
    "revoke_grant",
    "rotate_access_token",
]

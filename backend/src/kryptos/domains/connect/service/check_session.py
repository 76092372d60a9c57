"""Check whether an access token would resume a session."""

from kryptos.domains.clients import Client
from kryptos.domains.connect.contracts import CheckedSession
from kryptos.domains.grants import find_access
from kryptos.domains.workspaces import get_membership
from kryptos.infra.database import Uow


async def check_session(uow: Uow, *, client: Client, access_token: str) -> CheckedSession:
    """Return the grant behind a valid token of this client, or the reason why there is none."""
    found = await find_access(uow, access_token=access_token, client_id=client.id)
    if found.grant is None:
        return CheckedSession(reason=found.status.value)
    membership = await get_membership(uow, user_id=found.grant.user_id, workspace_id=found.grant.workspace_id)
    return CheckedSession(reason=None, grant=found.grant, workspace_name=membership.workspace.name)

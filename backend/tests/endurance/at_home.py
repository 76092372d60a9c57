"""What guests do in the consent centre: end an app's access, or erase everything."""

import time

from tests.endurance.calling import Caller, Headers
from tests.endurance.ledger import Access, Ledger

_ERASED_WITHIN_SECONDS = 120
_LOOK_EVERY_SECONDS = 0.3


class AtHome:
    """A guest who is signed in there."""

    def __init__(self, caller: Caller, ledger: Ledger) -> None:
        self._caller = caller
        self._ledger = ledger

    def end_access(self, access: Access, browser: Headers) -> None:
        """Look at who reads, take one account back, end the access, and sign out."""
        self._require_listed(access, browser, "active")
        wallet_id = next(iter(access.wallets))
        self._caller.delete(f"/account/api/connections/{wallet_id}", browser)
        del access.wallets[wallet_id]
        self._ledger.removed.append(wallet_id)
        exported = str(self._caller.get("/account/api/export", browser))
        if access.grant_id not in exported or any(each not in exported for each in access.wallets):
            message = f"an export lacks {access}"
            raise AssertionError(message)
        self._caller.post(f"/account/api/grants/{access.grant_id}/revoke", browser)
        access.is_revoked = True
        self._caller.require_refused("/api/v1/userinfo", access.bearer, code="INVALID_GRANT")
        self._require_listed(access, browser, "revoked")
        path = f"/account/api/grants/{access.grant_id}/receipts"
        receipts = self._caller.get(path, browser)["data"]["receipts"]
        if sorted(each["event"] for each in receipts) != ["given", "revoked"]:
            message = f"receipts of {access.grant_id} are {receipts}"
            raise AssertionError(message)
        self._caller.post_once("/account/api/sign-out", browser, {}, refusal="NOT_SIGNED_IN")
        self._caller.require_refused("/account/api/session", browser, code="NOT_SIGNED_IN")

    def erase(self, access: Access, browser: Headers) -> None:
        """Erase everything, and wait until it is done."""
        self._caller.post("/account/api/erasure/start", browser)
        body = {"confirmation": "erase"}
        asked = self._caller.post_once("/account/api/erasure", browser, body, refusal="NOT_SIGNED_IN")
        access.is_erased = True
        self._caller.require_refused("/account/api/session", browser, code="NOT_SIGNED_IN")
        if asked is None:  # done, and the answer with the key was lost
            return
        path, key = f"/account/api/erasure/{asked[0]['erasure_id']}/status", {"key": asked[0]["key"]}
        end = time.monotonic() + _ERASED_WITHIN_SECONDS
        while (told := self._caller.post_once(path, {}, key, refusal="")) and told[0]["state"] != "done":
            if time.monotonic() > end:
                message = f"not erased within {_ERASED_WITHIN_SECONDS} s"
                raise TimeoutError(message)
            time.sleep(_LOOK_EVERY_SECONDS)

    def _require_listed(self, access: Access, browser: Headers, status: str) -> None:
        listed = self._caller.get("/account/api/grants", browser)["data"]["grants"]
        if [(each["grant_id"], each["status"]) for each in listed] != [(access.grant_id, status)]:
            message = f"{access.grant_id} is listed as {listed}"
            raise AssertionError(message)

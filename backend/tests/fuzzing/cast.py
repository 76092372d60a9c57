"""Who makes the calls that are made up: apps and people at every stage of the journey, and whoever has no right to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Self

import httpx

from kryptos.domains.clients.scopes import SCOPES
from tests.support.connecting import TYPED
from tests.support.installation import Installation, Web
from tests.support.processes import wait_until

Headers = dict[str, str]

CALLBACK = "https://app.example.com/callback"
EVERY_SCOPE = " ".join(SCOPES)
KNOWN = {
    "address": TYPED,
    "alias": "My wallet",
    "currencyId": "ethereum",
    "email": "ada@example.com",
    "language": "de",
    "name": "opened",
    "origin": "https://app.example.com",
    "persona": "holder",
    "provider": "ethereum",
    "redirect_uri": CALLBACK,
}
"""Values that mean something to the server, by the names that parameters have."""
ACCOUNT = {"provider": "ethereum", "persona": "nft"}
STEPS: dict[str, tuple[str, dict[str, object]]] = {
    "anonymous": ("/link-token/auth/anonymous", {}),
    "consent": ("/link-token/consent", {"approved": True}),
    "connect": ("/link-token/integrations", {**ACCOUNT}),
    "try": ("/link-token/integrations/test", {**ACCOUNT}),
    "manage": ("/link-token/management-link", {}),
    "complete": ("/link-token/complete", {}),
    "exit": ("/link-token/exit", {}),
}


@dataclass(frozen=True)
class Caller:
    """Credentials, and what belongs to whoever has them: values by the names that parameters have."""

    headers: Headers
    owns: dict[str, str] = field(default_factory=dict)


Makers = Mapping[str, Callable[[], Caller]]


class Cast:
    """Makes callers by calling the API itself; calls that only read may share one."""

    def __init__(self, installation: Installation, web: Web) -> None:
        installation.create_client(scopes=EVERY_SCOPE, redirect_uris=[CALLBACK])
        self._app = installation.client_headers
        installation.create_client()
        self._other_app = installation.client_headers
        self._mails = partial(
            installation.rows, "SELECT text FROM mailbox_mails WHERE recipient = $1 ORDER BY id"
        )
        self._http = httpx.Client(base_url=web.base_url, timeout=60)
        self._shared: dict[str, Caller] = {}
        self._given: dict[str, str] = {}

    def __enter__(self) -> Self:
        self._given = self._grant()
        self._mailed = self._signed_in_by_mail("grace@example.com")
        self._challenged = self._challenged_at_home("grace@example.com")
        return self

    def __exit__(self, *_error: object) -> None:
        self._http.close()

    def choose(self, schemes: list[str], chance: int, *, is_reading: bool) -> Caller:
        """Return one of those who might call an operation with such security schemes; one in four has no right to."""
        those = self._welcome(schemes) if chance % 4 else self._unwelcome(schemes)
        name = list(those)[chance // 4 % len(those)]
        if not is_reading or name not in self._shared:
            self._shared[name] = those[name]()
        return self._shared[name]

    def _welcome(self, schemes: list[str]) -> Makers:
        if "LinkToken" in schemes:
            return self._people()
        if "AccessToken" in schemes:
            return {
                "token": lambda: Caller(bearer(self._given), self._given),
                "token and app": lambda: Caller({**bearer(self._given), **self._app}, self._given),
                "fresh token": partial(self._reader),
            }
        if "ClientId" in schemes:
            return {"app": self._an_app}
        if "AccountSession" in schemes:
            return {"guest at home": self._at_home}
        if schemes:
            message = f"nobody here has the credentials {schemes}"
            raise AssertionError(message)
        return {
            "hosted page": partial(self._session, redirect_uri=CALLBACK),
            "management link": lambda: Caller({}, self._with_link().owns),
            "mailed code": lambda: self._challenged,
            "erased": self._erased,
        }

    def _unwelcome(self, schemes: list[str]) -> Makers:
        nobody = {"nobody": lambda: Caller({}, self._given)}
        if "LinkToken" in schemes:
            wrong = {"X-LINK-TOKEN": self._given["access_token"]}
            return {
                **nobody,
                "wrong token": lambda: Caller(wrong, self._given),
                "completed": partial(self._session, "anonymous", "consent", "complete"),
                "left": partial(self._session, "exit"),
            }
        if "AccessToken" in schemes:
            wrong = {"Authorization": "Bearer cat_wrong"}
            return {
                **nobody,
                "wrong token": lambda: Caller(wrong, self._given),
                "other app": lambda: Caller({**bearer(self._given), **self._other_app}, self._given),
                "few scopes": partial(self._reader, scopes="openid"),
                "revoked": self._revoked,
            }
        if "AccountSession" in schemes:
            return {**nobody, "without its token": self._forged, "signed out": self._signed_out}
        wrong = {**self._app, "X-Client-Secret": "secret_wrong"}
        return {
            **nobody,
            "other app": lambda: Caller(self._other_app, self._given),
            "wrong secret": lambda: Caller(wrong, self._given),
        }

    def _people(self) -> Makers:
        return {
            "arrived": self._session,
            "signed in": partial(self._session, "anonymous"),
            "signed in by mail": lambda: self._mailed,
            "consented": partial(self._session, "anonymous", "consent"),
            "connected": partial(self._session, "anonymous", "consent", "connect", "try"),
            "resumed": partial(self._session, access_token=self._given["access_token"]),
            "taking over": self._successor,
            "on a page of its own": partial(self._session, "anonymous", "consent", redirect_uri=CALLBACK),
        }

    def _an_app(self) -> Caller:
        waiting = self._session("anonymous", "consent", "complete", redirect_uri=CALLBACK).owns
        unused = {name: waiting[name] for name in ("session_id", "public_token")}
        return Caller(self._app, {**self._grant(), **unused})

    def _session(self, *steps: str, **asked: str) -> Caller:
        created = self._post("/link-token", self._app, {**asked})
        headers = {"X-LINK-TOKEN": created["link_token"]}
        owns = {**KNOWN, **self._given, **values_in(created)}
        for step in steps:
            path, body = STEPS[step]
            told = self._post(path, headers, body)
            owns |= values_in(told)
            if "widget_key" in told:
                headers["X-Widget-Key"] = told["widget_key"]
        return Caller(headers, owns)

    def _signed_in_by_mail(self, email: str) -> Caller:
        caller = self._session()
        self._post("/link-token/auth/email/start", caller.headers, {"email": email})
        code = self._code_mailed_to(email, 1)
        body: dict[str, object] = {"email": email, "code": code}
        told = self._post("/link-token/auth/email/verify", caller.headers, body)
        headers = {**caller.headers, "X-Widget-Key": told["widget_key"]}
        self._post("/link-token/consent", headers, {"approved": True})
        return Caller(headers, {**caller.owns, "email": email, "code": code})

    def _code_mailed_to(self, email: str, number: int) -> str:
        wait_until(lambda: len(self._mails(email)) == number, what="the mail arrives")
        words: list[str] = self._mails(email)[-1]["text"].split()
        return next(word for word in words if word.isdigit() and len(word) == 6)

    # ------------------------------------------------------------ the consent centre

    def _with_link(self) -> Caller:
        return self._session("anonymous", "consent", "connect", "manage", "complete")

    def _at_home(self) -> Caller:
        guest = self._with_link()
        exchange: dict[str, object] = {"public_token": guest.owns["public_token"]}
        given = values_in(self._post("/token/exchange", self._app, exchange))
        reply = self._reply("/account/api/sign-in/link", {}, {"key": guest.owns["key"]})
        cookie = reply.headers["Set-Cookie"].partition(";")[0]
        headers = {"Cookie": cookie, "X-CSRF-Token": reply.json()["data"]["csrf_token"]}
        return Caller(headers, {**guest.owns, **given, "confirmation": "erase"})

    def _forged(self) -> Caller:
        guest = self._at_home()
        return replace(guest, headers={**guest.headers, "X-CSRF-Token": "csrf_wrong"})

    def _signed_out(self) -> Caller:
        guest = self._at_home()
        self._post("/account/api/sign-out", guest.headers, {})
        return guest

    def _erased(self) -> Caller:
        asked = self._post("/account/api/erasure", self._at_home().headers, {"confirmation": "erase"})
        return Caller({}, values_in(asked))

    def _challenged_at_home(self, email: str) -> Caller:
        challenge = self._post("/account/api/sign-in/start", {}, {"email": email})["challenge"]
        code = self._code_mailed_to(email, 2)
        return Caller({}, {**KNOWN, "email": email, "challenge": challenge, "code": code})

    # ------------------------------------------------------------ ways there

    def _successor(self) -> Caller:
        old, new = self._session("anonymous", "consent"), self._session()
        return replace(new, owns={**new.owns, "previous": old.headers["X-LINK-TOKEN"]})

    def _reader(self, **asked: str) -> Caller:
        given = self._grant(**asked)
        return Caller(bearer(given), given)

    def _revoked(self) -> Caller:
        given = self._grant()
        self._post("/token/revoke", self._app, {"grant_id": given["grant_id"]})
        return Caller(bearer(given), given)

    def _grant(self, **asked: str) -> dict[str, str]:
        """Let a guest connect an account and the app exchange; return everything that is known afterwards."""
        session = self._session(
            "anonymous", "consent", "connect", "complete", **{"scopes": EVERY_SCOPE, **asked}
        )
        body: dict[str, object] = {"public_token": session.owns["public_token"]}
        return {**session.owns, **values_in(self._post("/token/exchange", self._app, body))}

    def _post(self, path: str, headers: Headers, body: dict[str, object]) -> dict[str, Any]:
        return dict(self._reply(path, headers, body).json().get("data") or {})

    def _reply(self, path: str, headers: Headers, body: dict[str, object]) -> httpx.Response:
        reply = self._http.post(path, json=body, headers=headers)
        self._http.cookies.clear()  # each caller says itself who it is
        assert reply.is_success, (path, reply.text)
        return reply


def bearer(given: dict[str, str]) -> Headers:
    """Return the credentials of whoever has an access token."""
    return {"Authorization": f"Bearer {given['access_token']}"}


def values_in(told: dict[str, Any]) -> dict[str, str]:
    """Return what can be sent back of what a call told, under every name that parameters have for it."""
    found = {name: value for name, value in told.items() if isinstance(value, str)}
    if "wallet_id" in found:
        found["integration_id"] = found["walletId"] = found["wallet_id"]
    if "hosted_url" in found:
        found["key"] = found["hosted_url"].partition("#")[2]
    if "#manage=" in found.get("url", ""):
        found["key"] = found.pop("url").partition("#manage=")[2]
    for workspace in told.get("workspaces", ()):
        found["workspace_id"] = workspace["workspace_id"]
    return found

"""A connected test person, made the way any app connects one: over HTTP, from link token to access token."""

import http.client
import json
from collections.abc import Mapping

import msgspec

from kryptos.kernel.errors import Kind, KryptosError
from kryptos.providers.sandbox import TYPED_ADDRESSES

_TIMEOUT_SECONDS = 30
_OK = 200
_CREATED = 201


class DemoRefused(KryptosError):
    """A call of the demo's own journey was refused."""

    code = "DEMO_REFUSED"
    kind = Kind.INTERNAL


class DemoFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the demo made, as written to ``demo.json``."""

    base_url: str
    client_id: str
    client_secret: str
    workspace_id: str
    access_token: str
    grant_id: str


class DemoApi:
    """Calls to the web process of this machine; no proxy that the environment names is asked."""

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)

    def call(
        self, method: str, path: str, *, headers: Mapping[str, str], body: object = None
    ) -> tuple[int, object]:
        """Make one call and return its status and its JSON body (None when there is none that can be read)."""
        connection = http.client.HTTPConnection(*self._address, timeout=_TIMEOUT_SECONDS)
        try:
            sent = None if body is None else json.dumps(body)
            all_headers = {**headers, **({} if body is None else {"Content-Type": "application/json"})}
            connection.request(method, path, body=sent, headers=all_headers)
            answer = connection.getresponse()
            return answer.status, _parsed(answer.read())
        finally:
            connection.close()

    def is_ready(self) -> bool:
        """Say whether the web process answers and reaches its database."""
        try:
            return self.call("GET", "/readyz", headers={})[0] == _OK
        except (OSError, http.client.HTTPException):
            return False

    def accepts(self, client_id: str, client_secret: str) -> bool:
        """Say whether these are the credentials of a client."""
        headers = {"X-Client-Id": client_id, "X-Client-Secret": client_secret}
        return self.call("GET", "/token/grants", headers=headers)[0] == _OK

    def knows(self, facts: DemoFacts) -> bool:
        """Say whether the access token still reads the person it was made for."""
        headers = {
            "Authorization": f"Bearer {facts.access_token}",
            "X-Client-Id": facts.client_id,
            "X-Client-Secret": facts.client_secret,
        }
        return self.call("GET", "/api/v1/userinfo", headers=headers)[0] == _OK

    def has_read_everything(self, access_token: str) -> bool:
        """Say whether no account of the person is still being read."""
        headers = {"Authorization": f"Bearer {access_token}"}
        status, answer = self.call("GET", "/api/v1/integrations", headers=headers)
        accounts = answer.get("data") if isinstance(answer, dict) else None
        return (
            status == _OK
            and isinstance(accounts, list)
            and all(isinstance(each, dict) and each.get("status") != "ONGOING" for each in accounts)
        )

    def connect_person(self, client_id: str, client_secret: str) -> Mapping[str, str]:
        """Connect a new guest with the test addresses and return what the app gets, such as ``access_token``."""
        app = {"X-Client-Id": client_id, "X-Client-Secret": client_secret}
        link_token = self._data("/link-token", app, {})["link_token"]
        person = {"X-LINK-TOKEN": link_token}
        self._data("/link-token/auth/anonymous", person, {})
        self._data("/link-token/consent", person, {"approved": True})
        for provider_id, address in TYPED_ADDRESSES.items():
            account = {"provider": provider_id, "address": address}
            self._data("/link-token/integrations", person, account)
        public_token = self._data("/link-token/complete", person, {})["public_token"]
        return self._data("/token/exchange", app, {"public_token": public_token})

    def _data(self, path: str, headers: Mapping[str, str], body: object) -> Mapping[str, str]:
        status, answer = self.call("POST", path, headers=headers, body=body)
        data = answer.get("data") if isinstance(answer, dict) else None
        if status not in {_OK, _CREATED} or not isinstance(data, dict):
            message = f"POST {path} answered {status}: {json.dumps(answer)}"
            raise DemoRefused(message)
        return data


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return None

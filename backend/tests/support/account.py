"""The consent centre as a browser of its own meets it: cookies, the CSRF token, mailed codes, management links."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest_asyncio

from tests.support.app import App, running_app
from tests.support.journey import data_of, issued_code

BASE = "https://kryptos.test"
COOKIE = "__Host-kryptos_account"
START, VERIFY, LINK = (f"/account/api/sign-in/{step}" for step in ("start", "verify", "link"))


@dataclass
class Browser:
    """One browser: it keeps the cookie and the token that signing in gave it."""

    app: App
    cookie: str | None = None
    csrf: str | None = None

    def headers(self, **more: str) -> dict[str, str]:
        """Return what the page of this browser sends."""
        sent = {"Origin": BASE, "Sec-Fetch-Site": "same-origin"}
        if self.cookie:
            sent["Cookie"] = f"{COOKIE}={self.cookie}"
        if self.csrf:
            sent["X-CSRF-Token"] = self.csrf
        return {**sent, **more}

    async def call(self, method: str, path: str, body: Any = None, **headers: Any) -> httpx.Response:
        """Make a call and keep what its reply tells the browser to keep."""
        sent = self.headers(**headers)
        content = None if method in {"GET", "HEAD", "DELETE"} and body is None else (body or {})
        self.app.http.cookies.clear()  # the client's own jar is not this browser's
        reply = await self.app.http.request(method, path, json=content, headers=sent)
        self.app.http.cookies.clear()
        if set_cookie := reply.headers.get("Set-Cookie"):
            self.cookie = set_cookie.partition(";")[0].partition("=")[2] or None
        return reply

    async def get(self, path: str, **headers: Any) -> httpx.Response:
        """Read something."""
        return await self.call("GET", f"/account/api/{path}", **headers)

    async def post(self, path: str, body: Any = None, **headers: Any) -> httpx.Response:
        """Change something."""
        return await self.call("POST", f"/account/api/{path}", body or {}, **headers)

    async def delete(self, path: str, **headers: Any) -> httpx.Response:
        """Remove something."""
        return await self.call("DELETE", f"/account/api/{path}", **headers)

    async def started(self, email: str) -> tuple[str, str]:
        """Ask for a code as the page does; return the challenge, and the code from the mail."""
        self.app.clock.advance(milliseconds=1)
        challenge = data_of(await self.call("POST", START, {"email": email}))["challenge"]
        code = await issued_code(self.app, email)
        assert code is not None, "no mail was sent"
        return challenge, code

    async def sign_in(self, email: str) -> dict[str, Any]:
        """Sign in with a mailed code."""
        challenge, code = await self.started(email)
        body = {"challenge": challenge, "email": email, "code": code}
        return self.signed_in(await self.call("POST", VERIFY, body))

    async def open_link(self, url: str) -> dict[str, Any]:
        """Sign in with a management link."""
        return self.signed_in(await self.call("POST", LINK, {"key": url.partition("#manage=")[2]}))

    def signed_in(self, reply: httpx.Response) -> dict[str, Any]:
        """Keep the CSRF token of a session that has begun."""
        data = data_of(reply)
        self.csrf = data["csrf_token"]
        return data


async def guest_with_link(app: App) -> tuple[str, dict[str, Any], str]:
    """Go on as a guest in the widget; return the link token, the guest, and the address of their management link."""
    token = await app.link_token()
    guest = data_of(await app.widget(token, "auth/anonymous"))
    return token, guest, data_of(await app.widget(token, "management-link"))["url"]


@pytest_asyncio.fixture(loop_scope="session")
async def secure_app(database_url: str) -> AsyncIterator[App]:
    """An application that browsers reach over https."""
    async with running_app(database_url, public_url=BASE) as running:
        yield running

"""An app's backend in Flask: it creates link tokens, keeps access tokens, reads holdings, and disconnects.

Run it with `make demo`, or by itself:

    pip install flask requests
    KRYPTOS_BASE_URL=http://127.0.0.1:4400 KRYPTOS_CLIENT_ID=client_… KRYPTOS_CLIENT_SECRET=secret_… python app.py

It serves the page that `npm run build -w example-vite-react` makes. The client secret stays here: no page ever sees it.
"""

# ruff: noqa: INP001 - an app of its own, no package

import json
import os
import secrets
import uuid
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import requests
from flask import Flask, Response, jsonify, request, send_from_directory, session
from flask.typing import ResponseReturnValue

BASE_URL = os.environ["KRYPTOS_BASE_URL"].rstrip("/")
CLIENT_ID = os.environ["KRYPTOS_CLIENT_ID"]
CREDENTIALS = {"X-Client-Id": CLIENT_ID, "X-Client-Secret": os.environ["KRYPTOS_CLIENT_SECRET"]}

# Ask for what the app shows, and for no more: the person reads this list before agreeing.
SCOPES = "openid profile users:read portfolios:read transactions:read integrations:read"

PAGE = Path(__file__).resolve().parents[1] / "vite-react" / "dist"
TIMEOUT_SECONDS = 30
BEING_READ = {"active", "ONGOING"}

# Pages of other origins that may call this backend, such as Expo's in a browser; an app on a phone has no origin.
ORIGINS = os.environ.get("APP_ORIGINS", "").split()

app = Flask(__name__, static_folder=None)
app.secret_key = os.environ.get("APP_SECRET_KEY") or secrets.token_bytes(32)
app.config.update(SESSION_COOKIE_NAME="example_flask", SESSION_COOKIE_SAMESITE="Lax")


@dataclass(frozen=True)
class Access:
    """What the exchange gave for one user. A real app keeps it in its database, the token encrypted."""

    access_token: str
    grant_id: str


accesses: dict[str, Access] = {}  # by user; gone when this process ends


class Refused(Exception):
    """The Connect server answered with an error; `code` is what to decide by, the text is for people."""

    def __init__(self, answer: requests.Response) -> None:
        body = answer.json() if "json" in answer.headers.get("Content-Type", "") else {}
        super().__init__(body.get("error") or f"The Connect server answered {answer.status_code}.")
        self.code = body.get("code")
        self.status = answer.status_code


@app.before_request
def recognise_user() -> None:
    """Stand in for the app's own sign-in: the user's id in a signed cookie."""
    session.setdefault("user", uuid.uuid4().hex)


@app.after_request
def allow_origins(response: Response) -> Response:
    """Let pages of the origins that are named read what is answered to their user (CORS)."""
    origin = request.headers.get("Origin")
    response.vary.add("Origin")
    if origin in ORIGINS:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Credentials"] = "true"
        response.headers["Access-Control-Allow-Headers"] = "Content-Type"
    return response


@app.post("/api/kryptos/create-link-token")
def create_link_token() -> ResponseReturnValue:
    """Give the page a link token; with the access token of a returning user, who then need not sign in again."""
    wanted = {"scopes": SCOPES}
    # An app on a phone that uses the system's browser says where it leads back to: only what is registered is taken.
    if redirect_uri := (request.get_json(silent=True) or {}).get("redirect_uri"):
        wanted["redirect_uri"] = redirect_uri
    access = accesses.get(session["user"])
    if access is not None:
        try:
            created = call("/link-token", {**wanted, "access_token": access.access_token})
            return jsonify(**link_token_of(created), isAuthorized=True)
        except Refused as refused:
            if refused.status != 401:
                raise
            accesses.pop(session["user"], None)  # revoked or expired: begin anew
    return jsonify(**link_token_of(call("/link-token", wanted)), isAuthorized=False)


def link_token_of(created: dict[str, Any]) -> dict[str, Any]:
    """Pick what the page may have of a new link token: the token, and the page of its own where one was asked for."""
    return {name: created[name] for name in ("link_token", "hosted_url") if name in created}


@app.post("/api/kryptos/exchange-token")
def exchange_token() -> ResponseReturnValue:
    """Exchange the public token, once, and keep what comes back. The key makes a repeated call harmless."""
    public_token = request.get_json()["public_token"]
    given = call(
        "/token/exchange", {"public_token": public_token}, idempotency_key=f"exchange-{public_token}"
    )
    accesses[session["user"]] = Access(given["access_token"], given["grant_id"])
    return jsonify(success=True)


@app.get("/api/kryptos/holdings")
def holdings() -> ResponseReturnValue:
    """Give the page everything it shows: the accounts, whether they are still being read, and what is held."""
    access = accesses.get(session["user"])
    if access is None:
        return jsonify(isConnected=False)
    try:
        accounts = read("/v1/integrations", access)["data"]
        held = read("/v1/holdings", access)
    except Refused as refused:
        if refused.status != 401:
            raise
        accesses.pop(session["user"], None)  # the person took the access back
        return jsonify(isConnected=False, isRevoked=True)
    return jsonify(
        isConnected=True,
        isReading=any(account["status"] in BEING_READ for account in accounts),
        accounts=accounts,
        holdings=held["holdings"],
        summary=held["summary"],
        shortfalls=held["shortfalls"],
    )


@app.post("/api/kryptos/disconnect")
def disconnect() -> ResponseReturnValue:
    """Revoke the grant: the next call with its access token fails, everywhere."""
    access = accesses.get(session["user"])
    if access is not None:
        call("/token/revoke", {"grant_id": access.grant_id})
        accesses.pop(session["user"], None)
    return jsonify(success=True)


@app.get("/api/config")
def config() -> ResponseReturnValue:
    """Tell the page what it needs to open the widget; the client's id is no secret."""
    return jsonify(baseUrl=BASE_URL, clientId=CLIENT_ID)


def call(path: str, body: dict[str, str], *, idempotency_key: str | None = None) -> dict[str, Any]:
    """Call the Connect API as this app."""
    headers = {**CREDENTIALS, **({"Idempotency-Key": idempotency_key} if idempotency_key else {})}
    answer = requests.post(f"{BASE_URL}{path}", json=body, headers=headers, timeout=TIMEOUT_SECONDS)
    if not answer.ok:
        raise Refused(answer)
    return dict(answer.json().get("data") or {})


def read(path: str, access: Access) -> dict[str, Any]:
    """Call the Data API for one user. Numbers stay exact: Flask writes a Decimal as text."""
    headers = {**CREDENTIALS, "Authorization": f"Bearer {access.access_token}"}
    answer = requests.get(f"{BASE_URL}/api{path}", headers=headers, timeout=TIMEOUT_SECONDS)
    if not answer.ok:
        raise Refused(answer)
    return dict(json.loads(answer.text, parse_float=Decimal))


@app.errorhandler(Refused)
def say_refused(refused: Refused) -> ResponseReturnValue:
    """Tell the page what the Connect server said."""
    return jsonify(error=str(refused), code=refused.code), 502


@app.errorhandler(requests.RequestException)
def say_unreachable(error: requests.RequestException) -> ResponseReturnValue:
    """Tell the page that the Connect server could not be asked; the reason stands in the log."""
    app.logger.error("The Connect server could not be asked: %s", error)
    return jsonify(error=f"The Connect server at {BASE_URL} could not be reached. Try again."), 502


@app.get("/", defaults={"path": "index.html"})
@app.get("/<path:path>")
def page(path: str) -> Response:
    """Serve the page and its assets."""
    if not PAGE.is_dir():
        return Response(
            "The page is not built: run `npm run build -w example-vite-react`.", 503, mimetype="text/plain"
        )
    return send_from_directory(PAGE, path)


if __name__ == "__main__":
    app.run(host=os.environ.get("HOST", "127.0.0.1"), port=int(os.environ.get("PORT", "4500")))

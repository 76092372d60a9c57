"""Runs the specification's Flask backend against another base URL; see README.md."""

import os
import sys
import threading
from pathlib import Path
from typing import Any

import flask
from werkzeug.serving import make_server

tokens: dict[str, dict[str, str]] = {}


def get_user_access_token(user_id: str) -> str | None:
    """Return what was saved for a user."""
    return tokens.get(user_id, {}).get("access_token")


def save_user_tokens(user_id: str, **saved: str) -> None:
    """Save what the exchange gave for a user."""
    tokens[user_id] = saved


class Request(flask.Request):
    """A request whose user is known, as the sample expects of its host application."""

    @property
    def user_id(self) -> str:
        """The user that the test says is signed in."""
        return self.headers["X-Test-User"]


def main() -> None:
    """Serve until standard input ends."""
    sample = Path(__file__).with_name("flask_sample.py").read_text()
    source = sample.replace("https://connect-api.kryptos.io", os.environ["TARGET_BASE_URL"])
    names: dict[str, Any] = {
        "__name__": "sample",
        "get_user_access_token": get_user_access_token,
        "save_user_tokens": save_user_tokens,
    }
    exec(compile(source, "flask_sample.py", "exec"), names)  # the sample is text on purpose: it runs as printed
    app: flask.Flask = names["app"]
    app.request_class = Request
    app.add_url_rule("/stored", view_func=lambda: flask.jsonify(tokens.get(flask.request.headers["X-Test-User"])))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    print(server.server_port, flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()

"""Shortcut: data calls at fixed paths go straight to the pipeline (the framework's way there is a sixth of the call).

Whatever is in any way unusual takes the framework's way, which knows every path, method and refusal.
"""

import re
from collections.abc import Sequence

from litestar import Request
from litestar.datastructures import State
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from kryptos.surfaces.http.endpoint import Auth, Endpoint
from kryptos.surfaces.http.pipeline import Pipeline

_PLAIN_HOST = re.compile(rb"[A-Za-z0-9.-]+(?::[0-9]+)?")


class Shortcut:
    """Wraps the application."""

    def __init__(self, app: ASGIApp, endpoints: Sequence[Endpoint], pipeline: Pipeline) -> None:
        self._app = app
        self._pipeline = pipeline
        self._endpoints = {
            path: endpoint
            for endpoint in endpoints
            if endpoint.auth is Auth.ACCESS_TOKEN and endpoint.method == "GET"
            for path in (endpoint.path, *endpoint.aliases)
            if "{" not in path
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a plain data call, pass on everything else."""
        endpoint = self._endpoints.get(scope["path"]) if scope["type"] == ScopeType.HTTP else None
        if endpoint is None or scope["type"] != ScopeType.HTTP or not _is_plain(scope):
            await self._app(scope, receive, send)
            return
        scope["path_params"] = {}
        scope.setdefault("state", {})
        request: Request[None, None, State] = Request(scope, receive, send)
        reply = await self._pipeline.answer(endpoint, request)
        await reply(scope, receive, send)


def _is_plain(scope: HTTPScope) -> bool:
    if scope["method"] != "GET" or scope.get("root_path"):
        return False
    return all(name != b"host" or _PLAIN_HOST.fullmatch(value) for name, value in scope["headers"])

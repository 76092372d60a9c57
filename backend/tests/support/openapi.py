"""Validation of replies against the OpenAPI document."""

import re
from typing import Any

import httpx
from jsonschema import Draft202012Validator

Json = dict[str, Any]


class ReplyValidator:
    """Knows which replies an operation may give."""

    def __init__(self, document: Json) -> None:
        self._document = document
        self._paths = [
            (_pattern(path), path) for path in sorted(document["paths"], key=lambda path: path.count("{"))
        ]
        self._validators: dict[str, Draft202012Validator] = {}

    async def check(self, reply: httpx.Response) -> None:
        """Raise AssertionError for a reply that is not documented; paths outside the document are not looked at."""
        await reply.aread()
        self.judge(reply)

    def judge(self, reply: httpx.Response) -> None:
        """Do the same for a reply that was read."""
        request = reply.request
        path = re.sub(r"^/v1/", "/api/v1/", request.url.path)
        known = next((name for pattern, name in self._paths if pattern.fullmatch(path)), None)
        operation = self._document["paths"].get(known, {}).get(request.method.lower())
        if operation is None:
            return
        where = f"{request.method} {known} → {reply.status_code}"
        documented = operation["responses"].get(str(reply.status_code))
        assert documented is not None, f"{where} is not documented: {reply.text[:500]}"
        if "content" not in documented:
            assert not reply.content, where
            return
        assert reply.headers["content-type"] == "application/json", where
        assert reply.headers["x-request-id"].startswith("req_"), where
        schema = documented["content"]["application/json"]["schema"]
        errors = [
            f"{error.json_path}: {error.message}"
            for error in self._validator(schema).iter_errors(reply.json())
        ]
        assert not errors, f"{where} is not as documented: {errors[:5]}"
        _check_code(where, documented, reply)

    def _validator(self, schema: Json) -> Draft202012Validator:
        key = repr(schema)
        if key not in self._validators:
            whole = {**schema, "components": self._document["components"]}
            self._validators[key] = Draft202012Validator(whole)
        return self._validators[key]


def _check_code(where: str, documented: Json, reply: httpx.Response) -> None:
    """An error's code is one of those that the operation lists for its status."""
    if reply.is_error:
        code = reply.json()["code"]
        assert f"`{code}`" in documented["description"], f"{where}: code {code} is not documented there"


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(path)))

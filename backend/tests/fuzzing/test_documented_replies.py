"""Every operation, called with what the document allows and with what it does not, by everybody who might."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case

from kryptos.entrypoints.web import ENDPOINTS
from kryptos.infra.postgres import Cluster
from kryptos.surfaces.http.openapi import build_document
from tests.fuzzing.cast import Cast
from tests.fuzzing.examining import check_nothing_inside_is_shown, examine, schemes_of
from tests.support.installation import installed
from tests.support.openapi import ReplyValidator

pytestmark = pytest.mark.slow

DOCUMENT = build_document(ENDPOINTS)
EXAMPLES = 20
"""Made-up calls of each operation beside some fifty that cover its parameters one by one."""
SCHEMA = schemathesis.openapi.from_dict(
    DOCUMENT, config=schemathesis.Config.from_dict({"generation": {"with-security-parameters": False}})
)
NO_JSON = {
    "nothing": b"",
    "no utf-8": b'{"a": "\xff\xfe"}',
    "half": b'{"a": ',
    "two": b'{"a": 1}{"b": 2}',
    "no number": b'{"a": NaN}',
    "a number beyond numbers": b'{"a": 1e999999}',
    "a list": b"[]",
    "null": b"null",
    "a text": b'"text"',
    "deep": b'{"a": ' * 20_000,
    "half a surrogate pair": b'{"email": "\\ud800", "name": "\\ud800", "address": "\\ud800", "provider": "\\ud800"}',
    "a name twice": b'{"approved": true, "approved": 1, "provider": "a", "provider": 2}',
    "wide": json.dumps({str(number): number for number in range(5000)}).encode(),
}


@dataclass(frozen=True)
class Scene:
    """A running installation, and who calls it."""

    cast: Cast
    base_url: str
    validator: ReplyValidator


@pytest.fixture(scope="module")
def scene(cluster: Cluster, template: str) -> Iterator[Scene]:
    """A server and a worker, and everybody who calls; nothing that is sent may make them complain."""
    with installed(cluster, rate_limit_factor="1000000") as installation:
        web = installation.serve()
        installation.work()
        with Cast(installation, web) as cast:
            yield Scene(cast, web.base_url, ReplyValidator(DOCUMENT))
        assert web.is_alive
        assert not installation.errors()


@SCHEMA.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_whatever_is_sent_the_reply_is_as_documented(case: Case[Any], scene: Scene) -> None:
    examine(case, scene.cast, scene.base_url, scene.validator)


@pytest.mark.parametrize("body", NO_JSON.values(), ids=NO_JSON)
def test_bytes_that_are_no_body_are_refused_as_documented(body: bytes, scene: Scene) -> None:
    with httpx.Client(base_url=scene.base_url, timeout=30) as http:
        for path, operations in DOCUMENT["paths"].items():
            if "requestBody" in operations.get("post", {}):
                caller = scene.cast.choose(schemes_of(operations["post"]), chance=1, is_reading=True)
                headers = {**caller.headers, "Content-Type": "application/json"}
                reply = http.post(path, content=body, headers=headers)
                assert reply.status_code < 500, (path, reply.text)
                scene.validator.judge(reply)
                check_nothing_inside_is_shown(reply, sent=repr(body))

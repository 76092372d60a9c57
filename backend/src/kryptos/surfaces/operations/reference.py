"""The reference page and the OpenAPI document that it is drawn from."""

import json
from collections.abc import Sequence
from html import escape
from typing import Any

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect

from kryptos.kernel.errors import KryptosError
from kryptos.surfaces.http.bodies import encode
from kryptos.surfaces.http.endpoint import Endpoint
from kryptos.surfaces.http.envelopes import STATUS
from kryptos.surfaces.http.openapi import build_document, errors_by_code
from kryptos.surfaces.operations.pages import page

Json = dict[str, Any]


def reference_routes(endpoints: Sequence[Endpoint], *, base_url: str) -> list[HTTPRouteHandler]:
    """Return ``/docs``, ``/openapi.json``, and the way from ``/`` to them."""
    document = build_document(endpoints, base_url=base_url)
    raw = encode(document)
    rendered = _render(document, endpoints, base_url)

    @get("/openapi.json", include_in_schema=False)
    async def openapi() -> Response[bytes]:
        headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=300"}
        return Response(raw, media_type="application/json", headers=headers)

    @get(["/docs", "/docs/"], include_in_schema=False)
    async def reference() -> Response[str]:
        return page("API reference", rendered)

    @get("/", include_in_schema=False)
    async def root() -> Redirect:
        return Redirect("/docs", status_code=302)

    return [openapi, reference, root]


def _render(document: Json, endpoints: Sequence[Endpoint], base_url: str) -> str:
    schemas = document["components"]["schemas"]
    parts = [
        "<h1>API reference</h1>",
        f"<p>Base URL <code>{escape(base_url)}</code>.</p>",
        '<p>Everything on this page is also in <a href="/openapi.json">the OpenAPI document</a>.</p>',
        "<h2>Authentication</h2><table>",
        *(
            f"<tr><th>{escape(name)}</th><td>{escape(_where(scheme))}</td><td>{escape(scheme['description'])}</td></tr>"
            for name, scheme in document["components"]["securitySchemes"].items()
        ),
        "</table>",
    ]
    for tag in document["tags"]:
        parts += [f"<h2>{escape(tag['description'])}</h2>", _contents(document, tag["name"])]
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                if tag["name"] in operation["tags"]:
                    parts.append(_operation(path, method, operation, schemas, base_url))
    parts.append(_errors(endpoints))
    return "".join(parts)


def _where(scheme: Json) -> str:
    return (
        f"{scheme['in']} {scheme['name']}" if scheme["type"] == "apiKey" else "header Authorization: Bearer …"
    )


def _contents(document: Json, tag: str) -> str:
    operations = [
        each for path in document["paths"].values() for each in path.values() if tag in each["tags"]
    ]
    links = (
        f'<li><a href="#{each["operationId"]}">{escape(each["summary"])}</a></li>' for each in operations
    )
    return f"<ul>{''.join(links)}</ul>"


def _operation(path: str, method: str, operation: Json, schemas: Json, base_url: str) -> str:
    parts = [
        f'<article id="{escape(operation["operationId"])}">',
        f"<h3>{escape(operation['summary'])}</h3>",
        f'<p><span class="method">{method.upper()}</span><code>{escape(path)}</code></p>',
        *(f"<p>{_prose(text)}</p>" for text in operation["description"].split("\n\n")),
        f"<pre>{escape(_curl(path, method, operation, schemas, base_url))}</pre>",
    ]
    if "requestBody" in operation:
        parts += ["<p class='meta'>Body</p>", _fields(_schema(operation["requestBody"]), schemas)]
    success = next(iter(operation["responses"].values()))
    parts += ["<p class='meta'>Reply</p>", _fields(_schema(success), schemas)]
    refusals = list(operation["responses"].items())[1:]
    parts.append("<details><summary>Errors</summary><table>")
    parts += [
        f"<tr><td>{status}</td><td>{_prose(each['description'])}</td></tr>" for status, each in refusals
    ]
    parts.append("</table></details></article>")
    return "".join(parts)


def _prose(text: str) -> str:
    """Return escaped text with `code` marked."""
    pieces = escape(" ".join(text.split())).split("`")
    return "".join(f"<code>{piece}</code>" if index % 2 else piece for index, piece in enumerate(pieces))


def _schema(holder: Json) -> Json:
    schema: Json = holder["content"]["application/json"]["schema"]
    return schema


def _resolve(schema: Json, schemas: Json) -> Json:
    while "$ref" in schema:
        schema = schemas[schema["$ref"].rsplit("/", 1)[-1]]
    return schema


def _fields(schema: Json, schemas: Json) -> str:
    resolved = _resolve(schema, schemas)
    properties = dict(resolved.get("properties", {}))
    required = set(resolved.get("required", []))
    if "data" in properties:  # the envelope itself is said once, in the guide
        resolved = _resolve(properties["data"], schemas)
        properties, required = dict(resolved.get("properties", {})), set(resolved.get("required", []))
        if resolved.get("type") == "array":
            item = _resolve(resolved["items"], schemas)
            properties, required = dict(item.get("properties", {})), set(item.get("required", []))
    if not properties:
        return "<p>No fields.</p>"
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td>{escape(_type(each, schemas))}</td>"
        f"<td>{'always' if name in required else 'optional'}</td></tr>"
        for name, each in properties.items()
    )
    return f"<table class='fields'>{rows}</table>"


def _type(schema: Json, schemas: Json) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    if "anyOf" in schema:
        return " or ".join(_type(each, schemas) for each in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(json.dumps(each) for each in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}), schemas)}"
    return str(schema.get("format") or schema.get("type") or "any")


def _curl(path: str, method: str, operation: Json, schemas: Json, base_url: str) -> str:
    lines = [f"curl -s{'' if method == 'get' else f' -X {method.upper()}'} {base_url}{path}"]
    for requirement in operation["security"]:
        lines += [_HEADERS[name] for name in requirement]
    if "requestBody" in operation:
        properties = _resolve(_schema(operation["requestBody"]), schemas)
        required = dict.fromkeys(properties.get("required", []), "…")
        lines += ['-H "Content-Type: application/json"', f"-d '{json.dumps(required, ensure_ascii=False)}'"]
    return " \\\n  ".join(lines)


_HEADERS = {
    "ClientId": '-H "X-Client-Id: $KRYPTOS_CLIENT_ID"',
    "ClientSecret": '-H "X-Client-Secret: $KRYPTOS_CLIENT_SECRET"',
    "LinkToken": '-H "X-LINK-TOKEN: $LINK_TOKEN"',
    "AccessToken": '-H "Authorization: Bearer $ACCESS_TOKEN"',
    "AccountSession": "-b account.cookies",
}


def _errors(endpoints: Sequence[Endpoint]) -> str:
    rows = "".join(
        f'<tr id="error-{escape(code)}"><td><code>{escape(code)}</code></td><td>{_statuses(errors)}</td>'
        f"<td>{_prose(errors[0].default_message)}</td></tr>"
        for code, errors in errors_by_code(endpoints).items()
    )
    return (
        f"<h2>Error codes</h2><table><tr><th>Code</th><th>Status</th><th>What to do</th></tr>{rows}</table>"
    )


def _statuses(errors: Sequence[type[KryptosError]]) -> str:
    return ", ".join(str(int(STATUS[error.kind])) for error in errors)

"""JSON-RPC 2.0 without a socket: a transport that takes what HttpClient sends and answers as a node would."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import NoReturn, Protocol

import httpx
import msgspec

_SHOWN = 60
_ENCODER = msgspec.json.Encoder(decimal_format="number")


class Refused(Exception):
    """The node answers a call with an error object."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


Method = Callable[[Sequence[object]], object]
"""Takes the parameters of a call and gives its result, or raises ``Refused``."""


class Node(Protocol):
    """What answers."""

    @property
    def methods(self) -> Mapping[str, Method]:
        """Every method that there is, by name."""

    def is_out_of_order(self, request: bytes) -> bool:
        """Whether a request is answered with HTTP 503, whatever it asks."""


def refuse_parameters(reason: str) -> NoReturn:
    """Refuse a call whose parameters cannot be understood."""
    raise Refused(-32602, f"invalid params: {reason}")


def parameter(params: Sequence[object], index: int) -> object:
    """Return a parameter; None where the caller left it out."""
    return params[index] if index < len(params) else None


def text_parameter(params: Sequence[object], index: int) -> str:
    """Return a parameter that must be a text."""
    value = parameter(params, index)
    if not isinstance(value, str):
        refuse_parameters(f"a text is missing at place {index}")
    return value


def fields_parameter(params: Sequence[object], index: int) -> Mapping[str, object]:
    """Return a parameter that must be an object; an empty one where the caller left it out."""
    value = parameter(params, index)
    if value is None:
        return {}
    if not isinstance(value, dict):
        refuse_parameters(f"an object is missing at place {index}")
    return value


class JsonRpcEnd(httpx.AsyncBaseTransport):
    """A node within this process. It is made when it is first asked."""

    def __init__(self, make_node: Callable[[], Node]) -> None:
        self._make_node = make_node

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request, one call or many."""
        sent = await request.aread()
        await asyncio.sleep(
            0
        )  # whoever else waits for the loop gets it between two requests, as with a real node
        node = self._make_node()
        if node.is_out_of_order(sent):
            return httpx.Response(HTTPStatus.SERVICE_UNAVAILABLE, text="no server is available")
        try:
            calls = msgspec.json.decode(sent)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return _response(_error(None, -32700, "parse error"))
        if isinstance(calls, list) and calls:
            return _response([_answer(node, call) for call in calls])
        return _response(_answer(node, calls))


def _answer(node: Node, call: object) -> dict[str, object]:
    """Answer one call; parameters by name are not taken, as on real nodes."""
    if not isinstance(call, dict) or not isinstance(call.get("method"), str):
        return _error(None, -32600, "invalid request")
    try:
        result = _result(node, call["method"], call.get("params"))
    except Refused as error:
        return _error(call.get("id"), error.code, error.message)
    return {"jsonrpc": "2.0", "id": call.get("id"), "result": result}


def _result(node: Node, name: str, params: object) -> object:
    method = node.methods.get(name)
    if method is None:
        raise Refused(-32601, f"the method {name[:_SHOWN]} does not exist/is not available")
    if params is not None and not isinstance(params, list):
        refuse_parameters("a list is expected")
    return method(params or [])


def _error(call_id: object, code: int, message: str) -> dict[str, object]:
    return {"jsonrpc": "2.0", "id": call_id, "error": {"code": code, "message": message}}


def _response(answer: object) -> httpx.Response:
    return httpx.Response(
        HTTPStatus.OK, content=_ENCODER.encode(answer), headers={"content-type": "application/json"}
    )

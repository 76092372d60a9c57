"""Headers of the widget's pages: what they may load (nothing from elsewhere) and who may frame them."""

from collections.abc import Sequence

from kryptos.surfaces.http.page_safety import PERMISSIONS_POLICY, STRICT_TRANSPORT

_CONTENT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'none'; base-uri 'none'; object-src 'none'"
)
_SAME = {
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": PERMISSIONS_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def page_headers(ancestors: Sequence[str], *, is_https: bool) -> dict[str, str]:
    """Return the headers of a page that these origins may frame; of one that nobody may, when there are none."""
    framed_by = " ".join(ancestors) or "'none'"
    return {
        "Content-Security-Policy": f"{_CONTENT}; frame-ancestors {framed_by}",
        **_SAME,
        **({"Strict-Transport-Security": STRICT_TRANSPORT} if is_https else {}),
    }


def file_headers(relay: str | None) -> dict[str, str]:
    """Return the headers of the files. A worker keeps to the policy of its own file: it reaches ``relay`` and no more.

    Browsers start a worker of a page with `Cross-Origin-Embedder-Policy` only from a file that has it too.
    """
    reached = relay or "'none'"
    return {
        "Content-Security-Policy": f"default-src 'none'; script-src 'self'; connect-src {reached}",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
        "X-Content-Type-Options": "nosniff",
    }

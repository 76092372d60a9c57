"""The frame of every page that is not the widget: plain HTML, no script, nothing from elsewhere."""

import hashlib
from base64 import b64encode
from html import escape

from litestar import Response

_STYLE = """
:root { color-scheme: light dark; --text: #1f2937; --quiet: #4b5563; --line: #e5e7eb;
  --ground: #ffffff; --tint: #f3f4f6; --accent: #00664c; }
@media (prefers-color-scheme: dark) { :root { --text: #f6f6f8; --quiet: #c3c8d0; --line: #334155;
  --ground: #0a0a0a; --tint: #1a1a1d; --accent: #42ffd0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.25rem 6rem; background: var(--ground); color: var(--text);
  font: 1rem/1.6 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.75rem; line-height: 1.2; } h2 { font-size: 1.25rem; margin: 3rem 0 .5rem; }
h3 { font-size: 1.125rem; margin: 0 0 .25rem; } a { color: var(--accent); }
code, pre { font: .875rem/1.5 ui-monospace, monospace; background: var(--tint); border-radius: 4px; }
code { padding: .1em .3em; }
pre { padding: .75rem 1rem; overflow-x: auto; white-space: pre-wrap; } pre code { padding: 0; }
article { border: 1px solid var(--line); border-radius: 8px; padding: 1rem 1.25rem; margin: 1rem 0; }
article h2 { margin-top: 0; } .meta, .empty { color: var(--quiet); }
table { border-collapse: collapse; width: 100%; } th { font-weight: 600; white-space: nowrap; }
th, td { text-align: start; vertical-align: top; padding: .35rem .75rem .35rem 0;
  border-bottom: 1px solid var(--line); }
summary { cursor: pointer; padding: .5rem 0; } .fields { table-layout: fixed; } h3 + p { margin-top: 0; }
.method { font-weight: 700; color: var(--accent); margin-inline-end: .5rem; }
:target { outline: 2px solid var(--accent); outline-offset: 4px; } :focus-visible { outline: 2px solid var(--accent); }
"""
_STYLE_HASH = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def page(title: str, body: str, *, refresh_seconds: int | None = None) -> Response[str]:
    """Return a page; ``body`` is HTML whose texts have been escaped."""
    refresh = f'<meta http-equiv="refresh" content="{refresh_seconds}">' if refresh_seconds else ""
    html = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"{refresh}<title>{escape(title)} · Kryptos Connect</title><style>{_STYLE}</style></head>"
        f"<body><main>{body}</main></body></html>"
    )
    return Response(html, media_type="text/html", headers=_HEADERS)

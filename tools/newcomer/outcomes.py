"""What a newcomer expects to see, as the README promises it in words beside its blocks."""

import re
import urllib.error
import urllib.request

from tools.newcomer.page import Block

EXPECTED = {
    "make demo\n": r"Kryptos Connect is ready\.",
    '"$BASE_URL/api/health"': r'"status":"OK"',
    "LINK_TOKEN=": r"^link_[\w-]+$",
    "PUBLIC_TOKEN=": r"^public_[\w-]+$",
    "EXCHANGED=": r'"access_token":"cat_',
    "api/v1/holdings": r'"holdings":\[\{(?s:.*)"transactionPlatfromId"',
    "token/revoke": r'"sub":"user_(?s:.*)Grant revoked(?s:.*)"code":"INVALID_GRANT"',
    "make demo-reset": r"Deleted the demo",
    "make check": r"All checks passed",
    "--help": r"Usage: kryptos",
}
"""By a part of a block, what its output says."""
OPENED = {"make demo": ("http://localhost:4500", "http://127.0.0.1:4400/mailbox")}
"""By a part of a block, the addresses that the README says to open after it."""


def require_current(blocks: list[Block]) -> None:
    """Raise ``ValueError`` when something is expected of no block any more, or nothing of a block."""
    texts = [block.text for block in blocks]
    stale = [words for words in EXPECTED if not any(words in text for text in texts)]
    unknown = [block.words for block in blocks if not any(words in block.text for words in EXPECTED)]
    if stale or unknown:
        message = f"outcomes.py expects something of blocks that are gone {stale}, and nothing of {unknown}"
        raise ValueError(message)


def look_at(block: Block | None, output: str) -> str:
    """Return what is not as promised after a block, nothing if all is."""
    text = block.text if block is not None else ""
    for part, pattern in EXPECTED.items():
        if part in text and not re.search(pattern, output, re.MULTILINE):
            return f"the output does not show {pattern!r}"
    problems = [
        look_at_page(address) for part, pages in OPENED.items() if part == text.strip() for address in pages
    ]
    return next((each for each in problems if each), "")


def look_at_page(address: str) -> str:
    """Open a page; return what is wrong with it."""
    try:
        with urllib.request.urlopen(address, timeout=30):  # noqa: S310 - the README's own addresses
            return ""
    except (OSError, urllib.error.URLError) as error:
        return f"{address} does not open: {error}"

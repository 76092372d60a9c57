"""Where the built pages lie: the server's pages are made of them, and `kryptos doctor` looks whether they are there."""

from pathlib import Path

_SURFACES = Path(__file__).parents[1]
WIDGET_FOLDER = _SURFACES / "widget_page" / "assets"
"""Written by `make widget`, never committed, part of the wheel."""
ACCOUNT_FOLDER = _SURFACES / "account_page" / "assets"
"""The consent centre's, likewise."""
NOT_BUILT = (
    "the widget's pages are not built, so nobody can connect accounts in them: `make widget` builds them"
)
ACCOUNT_NOT_BUILT = (
    "the consent centre's page is not built, so nobody can see or end access: `make widget` builds it too"
)


def find_template(folder: Path) -> Path | None:
    """Return the page that every other file of the build is reached from, if there is one."""
    template = folder / "index.html"
    return template if template.is_file() else None

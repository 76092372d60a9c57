"""Where the built widget lies: the server's pages are made of it, and `kryptos doctor` looks whether it is there."""

from pathlib import Path

WIDGET_FOLDER = Path(__file__).parents[1] / "widget_page" / "assets"
"""Written by `make widget`, never committed, part of the wheel."""
NOT_BUILT = (
    "the widget's pages are not built, so nobody can connect accounts in them: `make widget` builds them"
)


def find_template(folder: Path) -> Path | None:
    """Return the page that every other file of the build is reached from, if there is one."""
    template = folder / "index.html"
    return template if template.is_file() else None

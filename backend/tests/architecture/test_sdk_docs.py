"""The pages about the SDKs show code that runs: each block stands, word for word, in the example that it names."""

import re
from pathlib import Path
from textwrap import dedent

import pytest

from tests.architecture.source_tree import REPOSITORY

PAGES = sorted((REPOSITORY / "docs" / "sdk").glob("*.md"))
BLOCK = re.compile(r'^```(\w+)(?: title="([^"]*)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
NOT_CODE = {"text", "bash"}
VARIABLE = re.compile(r'"(--kc-[a-z-]+)": \w+\("([^"]+)"(?:, "([^"]+)")?')
ROW = re.compile(r"^\| `(--kc-[a-z-]+)` \| `([^`]+)` \| `([^`]+)` \|$", re.MULTILINE)


def lines_of(text: str) -> str:
    return dedent(text).strip("\n")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_code_is_that_of_the_examples(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    findings = []
    for language, title, code in BLOCK.findall(text):
        if language in NOT_CODE:
            continue
        source = REPOSITORY / title
        if not title.startswith("examples/") or not source.is_file():
            findings.append(f"a block of {language} names no example: title {title!r}")
        elif not stands_in(lines_of(code), source.read_text(encoding="utf-8")):
            findings.append(f"not, or no longer, in {title}:\n{code}")
    assert not findings, "\n".join(findings)


def stands_in(code: str, source: str) -> bool:
    """Say whether some whole lines of a file are the code, whatever the indentation they share."""
    wanted = code.splitlines()
    lines = source.splitlines()
    return any(
        lines_of("\n".join(lines[start : start + len(wanted)])) == code
        for start in range(len(lines) - len(wanted) + 1)
    )


def test_there_is_code_in_the_pages() -> None:
    languages = {language for page in PAGES for language, _, _ in BLOCK.findall(page.read_text())}
    assert {"tsx", "ts", "js", "py", "php", "css"} <= languages


def test_a_changed_block_is_found() -> None:
    source = "def one() -> int:\n    if True:\n        return 1\n"
    assert stands_in("if True:\n    return 1", source)
    assert not stands_in("if True:\n    return 2", source)
    assert not stands_in("return 1\nreturn 1", source)


def test_the_variables_are_those_of_the_widget() -> None:
    written = (REPOSITORY / "apps/ui/src/theme/variables.ts").read_text(encoding="utf-8")
    known = {name: (light, dark or light) for name, light, dark in VARIABLE.findall(written)}
    page = (REPOSITORY / "docs/sdk/theming.md").read_text(encoding="utf-8")
    assert known
    assert {name: (light, dark) for name, light, dark in ROW.findall(page)} == known

"""The written pages tell the truth where a program can see it: links, paths, settings, endpoints, words."""

import json
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest
import typer

from kryptos.entrypoints import cli
from kryptos.entrypoints.demo_app import APP_VARIABLES
from kryptos.entrypoints.web import ENDPOINTS
from kryptos.infra.settings import Settings, file_variable_of, variable_of
from tests.architecture.source_tree import REPOSITORY

PACKAGE = REPOSITORY / "backend/src/kryptos"
DOCS = REPOSITORY / "docs"
DECISIONS = DOCS / "adr"
DEPENDENCIES = DECISIONS / "0015-dependencies.md"

NOT_OURS = {"node_modules", "dist", "build", "specification"}
GENERATED = DOCS / "reference"  # made from the code's own sentences, which say "just now" when they mean it
PAGES = sorted(
    path
    for path in REPOSITORY.rglob("*.md")
    if not any(part in NOT_OURS or part.startswith(".") for part in path.relative_to(REPOSITORY).parts)
)
WRITTEN = [path for path in PAGES if GENERATED not in path.parents]

BLOCK_TITLES = {None, "run", "stopped", "long", "example"}
MADE_LATER = ("var/", "dist/", "node_modules/", "secrets/")  # by running, building or installing
MOST_ADR_LINES = 60

BANNED_WORDS = re.compile(r"\b(todo|fixme|simply|just)\b", re.IGNORECASE)
MACHINE_PATH = re.compile(r"(?<![\w.~/])/(?:work|root|home|Users|tmp|mnt|opt|srv)/")

PUBLISHED_HOST = re.compile(r"\b[a-z][a-z0-9-]*\.kryptos\.io\b")
HOSTS_DEMANDED: dict[str, str] = {
    "packages/connect-core/src/base-url.ts": "K-001, and the ruling on framing: the default of `baseUrl`",
    "packages/web-sdk/src/settings.ts": "the same, in the words of the setting's own comment",
}
"""Path of a source file -> which row of the contract demands a published host as a default there."""

FENCE = re.compile(r"^(```|~~~)")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
SPAN = re.compile(r"`([^`\n]+)`")
HEADING = re.compile(r"^#{1,6} +(.*)$")
PLACE = re.compile(r"\.?[\w@][\w.@-]*(?:/[\w.@*-]+)+/?|\.?[\w][\w.@-]*/")
HOST_OR_TYPE = re.compile(r"(?:[a-z0-9-]+\.)+(?:io|com|org)/|application/|text/|@")
CALL = re.compile(r"(GET|POST|PUT|PATCH|DELETE) (/\S*)")


def name_of(page: Path) -> str:
    return page.relative_to(REPOSITORY).as_posix()


def prose(page: Path) -> list[tuple[int, str]]:
    """Return the numbered lines of a page that stand outside its code blocks."""
    lines: list[tuple[int, str]] = []
    is_code = False
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        if FENCE.match(line):
            is_code = not is_code
        elif not is_code:
            lines.append((number, line))
    return lines


def spans(pages: Iterable[Path]) -> list[tuple[str, str]]:
    """Return where and what everything is that stands in backticks."""
    return [
        (f"{name_of(page)}:{number}", span)
        for page in pages
        for number, line in prose(page)
        for span in SPAN.findall(line)
    ]


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    found = (HEADING.match(line) for _, line in prose(page))
    return {
        re.sub(r"[^\w\- ]", "", heading[1].lower()).strip().replace(" ", "-") for heading in found if heading
    }


def test_links_resolve() -> None:
    broken = []
    for page in PAGES:
        for number, line in prose(page):
            for target in LINK.findall(line):
                if re.match(r"[a-z]+:", target):
                    continue
                path, _, anchor = target.partition("#")
                place = (page.parent / path).resolve() if path else page
                if not place.exists():
                    broken.append(f"{name_of(page)}:{number}: {target}")
                elif anchor and anchor not in anchors(place):
                    broken.append(f"{name_of(page)}:{number}: {target} (no such heading)")
    assert not broken, "links that lead nowhere:\n" + "\n".join(broken)


def test_named_files_and_folders_exist() -> None:
    """Also of the decisions: they speak of the code as it is; a later one replaces a page that no longer does."""
    missing = []
    for where, span in spans(WRITTEN):
        place = span.removesuffix(" --check")
        if not PLACE.fullmatch(place) or HOST_OR_TYPE.match(place) or place.startswith(MADE_LATER):
            continue
        roots = (REPOSITORY, PACKAGE, PACKAGE / "domains", REPOSITORY / "apps" / "widget")
        if "NNNN" in place:
            place = place.rpartition("/")[0]
        if not any(any(root.glob(place.rstrip("/"))) for root in roots):
            missing.append(f"{where}: {span}")
    assert not missing, "named, but not there:\n" + "\n".join(missing)


def test_the_tree_in_the_readme_exists() -> None:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    tree = re.search(r"^## Where things are\n+```text\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert tree
    names = [name for line in tree[1].splitlines() for name in re.findall(r"^\S+|(?<=  )\S+\.md", line)]
    assert len(names) > len(tree[1].splitlines())
    assert [name for name in names if not (REPOSITORY / name).exists()] == []


def test_named_settings_exist() -> None:
    fields = Settings.__struct_fields__
    known = {*APP_VARIABLES, *map(variable_of, fields), *map(file_variable_of, fields)}
    named = [
        (f"{name_of(page)}:{number}", variable)
        for page in WRITTEN
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1)
        for variable in re.findall(r"\bKRYPTOS_[A-Z_]*[A-Z]\b", line)
    ]
    assert named
    unknown = [f"{where}: {variable}" for where, variable in named if variable not in known]
    assert not unknown, "no such setting:\n" + "\n".join(unknown)


def test_named_endpoints_exist() -> None:
    known = {(each.method, path) for each in ENDPOINTS for path in (each.path, *each.aliases)}
    named = [(where, call) for where, span in spans(WRITTEN) if (call := CALL.fullmatch(span))]
    assert named
    unknown = [f"{where}: {call[0]}" for where, call in named if (call[1], call[2]) not in known]
    assert not unknown, "no such endpoint:\n" + "\n".join(unknown)


def test_named_commands_exist() -> None:
    program = typer.main.get_command(cli.app)
    unknown = []
    for where, span in spans(PAGES):
        words = span.split()
        if words[:1] != ["kryptos"]:
            continue
        command = program
        for word in words[1:]:
            if not isinstance(command, typer.core.TyperGroup) or not re.fullmatch(r"[a-z][a-z-]*", word):
                break
            if word not in command.commands:
                unknown.append(f"{where}: {span}")
                break
            command = command.commands[word]
    assert not unknown, "no such command:\n" + "\n".join(unknown)


def test_named_make_targets_exist() -> None:
    targets = set(
        re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    unknown = [
        f"{name_of(page)}:{number}: make {named}"
        for page in PAGES
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1)
        for named in re.findall(r"(?:^|`)make ([a-z-]+)", line)
        if named not in targets
    ]
    assert not unknown, "no such target:\n" + "\n".join(unknown)


def test_command_blocks_say_how_they_run() -> None:
    opened = [
        (f"{name_of(page)}:{number}", match[1])
        for page in WRITTEN
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1)
        if (match := re.match(r'^```(?:bash|sh|shell|console)(?: title="([^"]*)")?\s*$', line))
    ]
    assert opened
    unknown = [f"{where}: title {title!r}" for where, title in opened if title not in BLOCK_TITLES]
    assert not unknown, f"{name_of(DOCS / 'README.md')} knows no such title:\n" + "\n".join(unknown)


def test_decisions_are_numbered_and_listed() -> None:
    pages = sorted(path for path in DECISIONS.glob("*.md") if path.name != "README.md")
    assert [path.name[:5] for path in pages] == [f"{number:04d}-" for number in range(1, len(pages) + 1)]
    listed = set(LINK.findall((DECISIONS / "README.md").read_text(encoding="utf-8")))
    assert {path.name for path in pages} == listed


def test_decisions_keep_to_their_form() -> None:
    findings = []
    for page in sorted(DECISIONS.glob("[0-9]*.md")):
        text = page.read_text(encoding="utf-8")
        if page != DEPENDENCIES and len(text.splitlines()) > MOST_ADR_LINES:
            findings.append(f"{page.name}: more than {MOST_ADR_LINES} lines")
        findings += [
            f"{page.name}: no {part!r}"
            for part in ("\nStatus: ", "\n## Context", "\n## Decision", "\n## Consequences")
            if part not in text
        ]
    assert not findings, "\n".join(findings)


def test_every_dependency_has_its_line() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    used = {re.split(r"[^A-Za-z0-9._-]", each, maxsplit=1)[0].lower() for each in wanted}
    manifests = [REPOSITORY / "package.json", *REPOSITORY.glob("packages/*/package.json")]
    manifests += [
        *REPOSITORY.glob("apps/*/package.json"),
        *REPOSITORY.glob("examples/*/package.json"),
        *REPOSITORY.glob("tools/react/*/package.json"),
        *REPOSITORY.glob("backend/tests/*/*/package.json"),
    ]
    own = set()
    for manifest in manifests:
        package = json.loads(manifest.read_text(encoding="utf-8"))
        own.add(package["name"])
        for kind in ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies"):
            used |= package.get(kind, {}).keys()
    told = set(
        re.findall(r"^\| ([@a-z0-9][\w./-]*) \|", DEPENDENCIES.read_text(encoding="utf-8"), re.MULTILINE)
    )
    page = name_of(DEPENDENCIES)
    assert not used - own - told, f"add a line to {page}: what it does for us, licence, version, cost"
    assert not told - used, f"no longer used: remove the line from {page}"


def test_glossary_is_alphabetical() -> None:
    text, _, unused = (DOCS / "glossary.md").read_text(encoding="utf-8").partition("## Words we do not use")
    words = [word.casefold() for word in re.findall(r"^\*\*(.+?)\*\* – ", text, re.MULTILINE)]
    assert len(words) == text.count("\n**"), "an entry is `**word** – what it is`"
    assert words == sorted(words)
    assert len(words) == len(set(words))
    rows = [row.casefold() for row in re.findall(r"^\| (.+?) \|", unused, re.MULTILINE)[1:]]
    assert rows == sorted(rows)


@pytest.mark.parametrize("page", WRITTEN, ids=name_of)
def test_words_and_places_that_do_not_belong(page: Path) -> None:
    findings = [
        f"{name_of(page)}:{number}: {found[0]}"
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1)
        if (found := BANNED_WORDS.search(line) or MACHINE_PATH.search(line))
    ]
    assert not findings, "\n".join(findings)


def test_no_published_host_is_a_default() -> None:
    """Who hosts this reaches their own server: only what the contract demands may name the published hosts."""
    sources = [
        path
        for pattern in (
            "backend/src/**/*.py",
            "backend/src/**/*.json",
            "packages/*/src/**/*",
            "apps/*/src/**/*",
            "tools/**/*.py",
            "api/*.json",
            "Makefile",
            "pyproject.toml",
        )
        for path in REPOSITORY.glob(pattern)
        if path.is_file() and "node_modules" not in path.parts and "__pycache__" not in path.parts
    ]
    assert len(sources) > len(ENDPOINTS)
    findings = [
        f"{name_of(path)}:{number}: {found[0]}"
        for path in sources
        if name_of(path) not in HOSTS_DEMANDED
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (found := PUBLISHED_HOST.search(line))
    ]
    assert not findings, "list the file in HOSTS_DEMANDED with its row, or make it a setting:\n" + "\n".join(
        findings
    )

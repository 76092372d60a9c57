"""Build the catalogue's data; with ``--check`` only say whether what is committed is what the sources give.

Run as ``python -m tools.catalog.build`` at the root of the repository, after ``npm ci --ignore-scripts`` here.
"""

import sys
from pathlib import Path

import msgspec

from tools.catalog.chains import ChainMerger
from tools.catalog.inputs import HERE, Extracted, Ids, curated, extract
from tools.catalog.logos import LogoPicker
from tools.catalog.rows import Row, write_document, write_rows
from tools.catalog.sources import licence_texts, source_table, sources_document
from tools.catalog.tokens import token_rows
from tools.catalog.wallets import give_names, wallet_rows

ROOT = HERE.parents[1]
DATA = ROOT / "backend/src/kryptos/catalog/data"
IDS = HERE / "curated/ids.json"


def build(extracted: Extracted) -> dict[str, bytes]:
    """Return every file of the data folder: its name and what is in it."""
    table = source_table(extracted.packages)
    merger = ChainMerger(extracted)
    chains = merger.drafts()
    wallets = wallet_rows()
    give_names(chains, wallets)
    logos = LogoPicker(extracted)
    logos.add_chains(chains)
    logos.add_wallets(wallets)
    logos.add_assets(draft.native_token_id for draft in chains)

    ids = {str(draft.row["caip2"]): str(draft.row["id"]) for draft in chains}
    lists: dict[str, list[Row]] = {
        "chains.json": [draft.row for draft in chains],
        "wallets.json": wallets,
        "logos.json": logos.rows(),
        **{f"tokens/{name}.json": rows for name, rows in token_rows(extracted, ids).items()},
    }
    files = {name: write_rows(rows) for name, rows in lists.items()}
    files |= {f"logos/{name}": content for name, content in logos.files.items()}
    files["LICENCES.txt"] = licence_texts()
    counts = {name: len(rows) for name, rows in lists.items()}
    files["sources.json"] = write_document(sources_document(table, files, counts))
    return files


def main(arguments: list[str]) -> int:
    """Write what has changed, or with ``--check`` name it and return 1."""
    is_check = "--check" in arguments
    extracted = extract()
    if missing := ChainMerger(extracted).new_ids():
        if is_check:
            print(f"chains without an id: {', '.join(missing)}", file=sys.stderr)
            return 1
        _keep_ids(missing)
    files = build(extracted)
    stale = [name for name, content in files.items() if _read(DATA / name) != content]
    present = {path.relative_to(DATA).as_posix() for path in DATA.rglob("*") if path.is_file()}
    gone = sorted(present - files.keys())
    if is_check:
        for name in [*stale, *gone]:
            print(f"{name} is not what the sources give: run `make catalog`", file=sys.stderr)
        return 1 if stale or gone else 0
    for name in stale:
        (DATA / name).parent.mkdir(parents=True, exist_ok=True)
        (DATA / name).write_bytes(files[name])
    for name in gone:
        (DATA / name).unlink()
    size = sum(len(content) for content in files.values())
    print(f"{len(files)} files, {size} bytes: wrote {len(stale)}, removed {len(gone)}")
    return 0


def _keep_ids(missing: dict[str, str]) -> None:
    """Write new ids beside the old ones: what a customer has stored stays true when a chain is renamed."""
    kept = curated(IDS.name, Ids)
    curated.cache_clear()
    document: Row = {
        "about": kept.about,
        "ids": dict(sorted({**kept.ids, **missing}.items(), key=_by_number)),
    }
    IDS.write_bytes(msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n")
    print(f"gave {len(missing)} chains an id: look at them before you commit {IDS.relative_to(ROOT)}")


def _by_number(item: tuple[str, str]) -> int:
    return int(item[0].partition(":")[2])


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

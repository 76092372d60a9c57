"""The wallets, and the names of all providers: no two may answer to one name."""

import re
from collections import Counter

from tools.catalog.chains import ChainDraft
from tools.catalog.inputs import CuratedWallets, Popularity, curated
from tools.catalog.rows import Row, Source, key_of, letters

MOST_ALIASES = 10


def wallet_rows() -> list[Row]:
    """Return the wallets, by id, with their names as they were written."""
    found: list[Row] = [
        {
            "id": wallet.id,
            "public_name": wallet.public_name,
            "families": wallet.families,
            "aliases": list(wallet.aliases),
            "source": letters([Source.OURS]),
        }
        for wallet in curated("wallets.json", CuratedWallets).wallets
    ]
    return sorted(found, key=lambda row: str(row["id"]))


def give_names(chains: list[ChainDraft], wallets: list[Row]) -> None:
    """Write aliases and ranks into the rows.

    A name belongs to the provider that is called so; next, to the one it was written for by hand. What sources add
    is dropped when two providers would answer to it.
    """
    rows = [draft.row for draft in chains] + wallets
    taken = _owners(rows)
    for draft in chains:
        _claim(taken, draft.row, draft.aliases)
    for row in wallets:
        aliases = row["aliases"]
        _claim(taken, row, [str(each) for each in aliases] if isinstance(aliases, list) else [])
    claims = Counter(key for draft in chains for key in {key_of(alias) for alias in draft.automatic_aliases})
    for draft in chains:
        kept = dict.fromkeys(
            tidy
            for alias in draft.automatic_aliases
            if (tidy := _tidy(alias)) and claims[key_of(alias)] == 1 and key_of(alias) not in taken
        )
        draft.row["aliases"] = _distinct([*(_tidy(each) for each in draft.aliases), *kept], draft.row)
    for row in wallets:
        aliases = row["aliases"]
        row["aliases"] = _distinct([str(each) for each in aliases] if isinstance(aliases, list) else [], row)
    ranks = {each: rank for rank, each in enumerate(curated("popularity.json", Popularity).ranking, 1)}
    if strangers := ranks.keys() - {str(row["id"]) for row in rows}:
        message = f"popularity.json ranks what is not in the catalogue: {', '.join(sorted(strangers))}"
        raise SystemExit(message)
    for row in rows:
        if rank := ranks.get(str(row["id"])):
            row["rank"] = rank


def _owners(rows: list[Row]) -> dict[str, str]:
    """Return who is called what, by id and by public name; two of one name are a mistake to be mended by hand."""
    taken: dict[str, str] = {}
    for row in rows:
        _claim(taken, row, [str(row["id"]), str(row["public_name"])])
    return taken


def _claim(taken: dict[str, str], row: Row, names: list[str]) -> None:
    for name in names:
        if taken.setdefault(key_of(name), str(row["id"])) != row["id"]:
            message = f"{row['id']} and {taken[key_of(name)]} would both be called {name!r}: change curated/"
            raise SystemExit(message)


def _distinct(names: list[str], row: Row) -> list[str]:
    seen = {key_of(str(row["id"])), key_of(str(row["public_name"]))}
    found = []
    for name in names:
        if key_of(name) not in seen:
            seen.add(key_of(name))
            found.append(name)
    return found[:MOST_ALIASES]


def _tidy(name: str) -> str:
    """Return a name as people type it; "" for what is none."""
    plain = re.sub(r"\s+", " ", name).strip().casefold()
    return plain if len(key_of(plain)) > 1 and not key_of(plain).isdigit() else ""

"""The catalogue's rows: every one whole, named once, from a source with a licence that fits; read when needed."""

import hashlib
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from litestar import Litestar

from kryptos import catalog
from kryptos.catalog.reading import DATA
from kryptos.surfaces.connect_api.providers import provider_out
from kryptos.surfaces.http.logos import logo_routes
from tests.architecture.source_tree import REPOSITORY

ALLOWED_LICENCES = {"Apache-2.0", "CC0-1.0", "ISC", "MIT"}
CAIP2 = re.compile(r"[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}")
"""CAIP-2, section "Syntax"."""
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
NAMESPACES = {"evm": "eip155", "solana": "solana", "utxo": "bip122"}
FOLDER = REPOSITORY / "backend/src/kryptos/catalog/data"


def rows(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(DATA.joinpath(name).read_bytes())
    return found


def row_files() -> list[str]:
    return ["chains.json", "wallets.json", "logos.json", *(f"tokens/{path.name}" for path in token_files())]


def token_files() -> Iterator[Any]:
    return iter(sorted((FOLDER / "tokens").iterdir()))


def key_of(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def test_what_there_is() -> None:
    chains = catalog.list_chains()
    families = Counter(chain.family for chain in chains)
    assert families["evm"] > 390
    assert families["solana"] == 1
    assert {chain.native.symbol for chain in chains if chain.family == "utxo"} == {
        "BTC", "LTC", "DOGE", "BCH", "DASH", "ZEC",
    }  # fmt: skip
    assert sum(chain.is_confirmed for chain in chains) > 300
    assert {"metamask", "ledger", "trezor", "phantom", "rabby"} <= {
        each.id for each in catalog.list_wallets()
    }


def test_no_two_providers_answer_to_one_name() -> None:
    """Ids, public names and aliases: whoever types one means one provider."""
    owners: dict[str, set[str]] = {}
    for provider in catalog.list_providers():
        assert KEBAB.fullmatch(provider.id), provider.id
        for name in (provider.id, provider.public_name, *provider.aliases):
            owners.setdefault(key_of(name), set()).add(provider.id)
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}
    assert len({provider.id for provider in catalog.PROVIDERS}) == len(catalog.PROVIDERS)


def test_ids_are_those_that_were_given() -> None:
    """Stored connections and settings name them: an id that has been given is never another's, nor gone."""
    given = json.loads((REPOSITORY / "tools/catalog/curated/ids.json").read_bytes())["ids"]
    assert {chain.caip2: chain.id for chain in catalog.list_chains() if chain.family == "evm"} == given


@pytest.mark.parametrize("chain", catalog.list_chains(), ids=lambda chain: chain.id)
def test_a_chain_is_whole(chain: catalog.Chain) -> None:
    assert CAIP2.fullmatch(chain.caip2)
    namespace, _, reference = chain.caip2.partition(":")
    assert namespace == NAMESPACES[chain.family]
    assert (chain.chain_id is not None) is (chain.family == "evm")
    assert chain.chain_id is None or reference == str(chain.chain_id)
    assert catalog.get_chain(chain.id) is chain
    assert catalog.find_chain_by_caip2(chain.caip2) is chain
    assert chain.native.symbol
    assert chain.native.name
    assert 0 <= chain.native.decimals <= 18
    assert (chain.address_format is not None) is (chain.family == "utxo")
    nodes = (*chain.rpc_urls, *chain.esplora_urls, *chain.blockbook_urls)
    assert nodes
    urls = [*nodes, *(each.url for each in chain.indexers), *filter(None, [chain.explorer_url])]
    assert [url for url in urls if not re.fullmatch(r"https://[^\s/@?{}]+\.[^\s@?{}]+", url)] == []
    assert chain.multicall3 is None or catalog.families_of_address(chain.multicall3.address) == ("evm",)


def test_what_is_known_of_well_known_chains() -> None:
    base = catalog.get_chain("base")
    assert (base.chain_id, base.native.symbol, base.native.token_id) == (8453, "ETH", "ethereum")
    polygon = catalog.get_chain("polygon")
    assert (polygon.public_name, polygon.native.token_id) == ("Polygon", "polygon-ecosystem-token")
    bnb = catalog.find_chain_by_caip2("eip155:56")
    assert bnb is not None
    assert (bnb.id, bnb.public_name, bnb.native.token_id) == ("bsc", "BNB Chain", "binancecoin")
    with pytest.raises(catalog.ChainUnknown):
        catalog.get_chain("../chains")
    assert catalog.find_chain_by_caip2("eip155:0") is None


def test_every_token_is_an_address_of_its_chain() -> None:
    strays = []
    for path in token_files():
        chain = catalog.get_chain(path.stem)
        for token in catalog.list_tokens(chain.id):
            if chain.family not in catalog.families_of_address(token.contract) or not token.symbol:
                strays.append((chain.id, token))
            assert token.decimals is None or 0 <= token.decimals <= 77
            assert catalog.find_token(chain.id, token.contract) is token
    assert strays == []


def test_tokens_are_found_however_they_are_written() -> None:
    token = catalog.find_token("ethereum", "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48")
    assert token is not None
    assert (token.symbol, token.decimals, token.token_id) == ("USDC", 6, "usd-coin")
    assert catalog.find_token("ethereum", "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48") is token
    mint = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"
    assert catalog.find_token("solana", mint) is not None
    assert catalog.find_token("solana", mint.lower()) is None
    assert catalog.find_token("bitcoin", mint) is None
    assert catalog.list_tokens("bitcoin") == ()
    with pytest.raises(catalog.ChainUnknown):
        catalog.find_token("../wallets", mint)


def test_every_row_says_where_it_comes_from() -> None:
    document = json.loads(DATA.joinpath("sources.json").read_bytes())
    sources = document["sources"]
    assert {source["licence"] for source in sources.values()} <= ALLOWED_LICENCES
    assert sorted(document["files"]) == sorted(row_files())
    for name in row_files():
        found = rows(name)
        letters = {letter for row in found for letter in row["source"]}
        assert all(row["source"] for row in found), name
        assert letters <= sources.keys()
        assert document["files"][name] == {"rows": len(found), "sources": "".join(sorted(letters))}
    notices = (FOLDER / "LICENCES.txt").read_text(encoding="utf-8")
    packages = {source["package"] for letter, source in sources.items() if letter != "k"}
    assert [package for package in packages if package not in notices] == []


def test_the_packages_are_those_that_are_pinned() -> None:
    manifest = json.loads((REPOSITORY / "tools/catalog/package.json").read_bytes())
    sources = json.loads(DATA.joinpath("sources.json").read_bytes())["sources"]
    used = {each["package"]: each["version"] for letter, each in sources.items() if letter != "k"}
    assert used == manifest["dependencies"]


@pytest.mark.parametrize("name", row_files())
def test_a_row_a_line_with_sorted_keys(name: str) -> None:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    assert (lines[0], lines[-1]) == ("[", "]")
    for line in lines[1:-1]:
        row = json.loads(line.removesuffix(","))
        assert list(row) == sorted(row)


def test_logos_are_plain_pictures() -> None:
    """Shapes alone: no script, no style sheet, nothing from elsewhere, nothing that is not in the index."""
    logos = catalog.list_logos()
    assert {logo.name for logo in logos} == {path.name for path in (FOLDER / "logos").iterdir()}
    for logo in logos:
        content = catalog.read_logo(logo)
        text = content.decode()
        assert hashlib.sha256(content).hexdigest() == logo.sha256
        assert text.startswith("<svg xmlns="), logo.name
        assert not re.search(r"<[!?]|<(script|style|image|use|a|foreignObject|animate|set)\b", text), (
            logo.name
        )
        assert not re.search(r"\bon\w+\s*=|href|url\((?!#)|javascript|data:|@import", text), logo.name
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text), logo.name
    used = {provider.logo for provider in catalog.PROVIDERS} - {None}
    assert used <= {logo.name for logo in logos}


def test_assets_have_logos_by_their_id() -> None:
    bitcoin = catalog.find_asset_logo("bitcoin")
    assert bitcoin is not None
    assert bitcoin.name == "asset-bitcoin.svg"
    assert catalog.find_asset_logo("no-such-asset") is None
    assert catalog.find_asset_logo(None) is None


def test_the_package_stays_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 6_000_000


def test_nothing_works_that_no_suite_covers() -> None:
    for provider in catalog.list_providers():
        is_covered = any(family in catalog.WORKING_FAMILIES for family in provider.families)
        assert is_covered or not provider.is_working
        assert provider.functions
        assert provider_out(provider).id == provider.id
    unconfirmed = [chain.id for chain in catalog.list_chains() if not chain.is_confirmed]
    assert unconfirmed
    for chain_id in unconfirmed:
        found = catalog.find_provider(chain_id)
        assert found is not None
        assert not found.is_working


def test_a_wallet_leads_to_the_form_for_an_address() -> None:
    metamask = catalog.find_provider("metamask")
    assert metamask is not None
    assert (metamask.type, metamask.is_evm, metamask.credentials) == ("wallet", True, ())
    assert "evm" in metamask.families
    assert catalog.find_provider("nobody") is None


def test_the_best_known_come_first_then_the_alphabet() -> None:
    listed = catalog.list_providers()
    ranked = [each for each in listed if each.rank is not None]
    rest = [each.public_name.casefold() for each in listed[len(ranked) :]]
    assert [each.rank for each in ranked] == list(range(1, len(ranked) + 1))
    assert tuple(ranked) == listed[: len(ranked)]
    assert rest == sorted(rest)


def test_tokens_and_logos_are_read_when_asked_for() -> None:
    """Importing opens the two lists of providers; a token opens its own chain's file."""
    program = """
import sys
opened = []
sys.addaudithook(lambda name, args: opened.append(str(args[0])) if name == "open" else None)
from kryptos import catalog
print([path.rpartition("/data/")[2] for path in opened if "/catalog/data/" in path])
opened.clear()
catalog.find_token("base", "0x833589fcd6edb6e08f4c7c32d4f71b54bda02913")
catalog.find_token("base", "0x833589fcd6edb6e08f4c7c32d4f71b54bda02913")
print([path.rpartition("/data/")[2] for path in opened if "/catalog/data/" in path])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["['chains.json', 'wallets.json']", "['tokens/base.json']"]


async def test_logos_are_served_by_exact_name() -> None:
    app = Litestar(route_handlers=logo_routes(), openapi_config=None)
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]  # the same protocol, in two libraries' words
    async with httpx.AsyncClient(transport=transport, base_url="http://kryptos.test") as http:
        reply = await http.get("/connect/logos/chain-ethereum.svg")
        assert (reply.status_code, reply.headers["Content-Type"]) == (200, "image/svg+xml")
        assert reply.text.startswith("<svg ")
        assert "max-age=" in reply.headers["Cache-Control"]
        assert "sandbox" in reply.headers["Content-Security-Policy"]
        again = await http.get(
            "/connect/logos/chain-ethereum.svg", headers={"If-None-Match": reply.headers["ETag"]}
        )
        assert (again.status_code, again.content) == (304, b"")
        for name in ("chain-none.svg", "..%2Fchains.json", "%2e%2e%2fchains.json", "chain-ethereum.SVG"):
            assert (await http.get(f"/connect/logos/{name}")).status_code == 404

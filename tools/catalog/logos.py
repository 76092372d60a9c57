"""The pictures of chains, wallets and assets: those of @web3icons/core that are plain SVG and small."""

import hashlib
import re
from collections.abc import Iterable

from tools.catalog.chains import ChainDraft
from tools.catalog.inputs import CuratedWallets, Extracted, curated
from tools.catalog.rows import Row, Source, is_coingecko_id, letters

MOST_BYTES = 20_000
BEST_KNOWN_ASSETS = 300
"""Assets get a picture up to this rank by market capitalisation, as @web3icons/common has it."""

_TAGS = frozenset(
    {
        "circle", "clipPath", "defs", "ellipse", "feBlend", "feColorMatrix", "feComposite", "feFlood",
        "feGaussianBlur", "feOffset", "filter", "g", "linearGradient", "mask", "path", "radialGradient",
        "rect", "stop", "svg",
    }
)  # fmt: skip
_FORBIDDEN = re.compile(r"<[!?]|\bon\w+\s*=|href|url\((?!#)|\bstyle\s*=|javascript|data:", re.IGNORECASE)


def is_plain(svg: str) -> bool:
    """Say whether a picture is shapes and nothing else: no script, no style sheet, nothing from elsewhere."""
    tags = set(re.findall(r"<\s*/?\s*([^\s/>]+)", svg))
    return svg.startswith("<svg ") and tags <= _TAGS and not _FORBIDDEN.search(svg)


class LogoPicker:
    """Chooses pictures, and remembers which files they go to."""

    def __init__(self, extracted: Extracted) -> None:
        self._pictures = extracted.logos
        self._tokens = {each.id: each for each in extracted.web3icons.tokens if is_coingecko_id(each.id)}
        self.files: dict[str, bytes] = {}

    def add_chains(self, chains: Iterable[ChainDraft]) -> None:
        """Give chains their pictures; one of another family is known by its coin's."""
        for draft in chains:
            name = f"chain-{draft.row['id']}.svg"
            token = self._tokens.get(draft.native_token_id or "")
            if (draft.icon and self._add(name, "networks", draft.icon)) or (
                draft.row["family"] != "evm" and token and self._add(name, "tokens", token.file)
            ):
                draft.row["logo"] = name

    def add_wallets(self, wallets: Iterable[Row]) -> None:
        """Give wallets their pictures."""
        icons = {each.id: each.icon for each in curated("wallets.json", CuratedWallets).wallets}
        for row in wallets:
            name = f"wallet-{row['id']}.svg"
            if (icon := icons[str(row["id"])]) and self._add(name, "wallets", icon):
                row["logo"] = name

    def add_assets(self, native_token_ids: Iterable[str | None]) -> None:
        """Give the chains' own assets and the best known tokens their pictures."""
        wanted = {each for each in native_token_ids if each in self._tokens}
        wanted |= {
            each.id
            for each in self._tokens.values()
            if each.market_cap_rank and each.market_cap_rank <= BEST_KNOWN_ASSETS
        }
        for token_id in sorted(wanted):
            self._add(f"asset-{token_id}.svg", "tokens", self._tokens[token_id].file)

    def rows(self) -> list[Row]:
        """Return the index of the files: what may be served, and how to tell that it has changed."""
        return [
            {
                "bytes": len(content),
                "name": name,
                "sha256": hashlib.sha256(content).hexdigest(),
                "source": letters([Source.ICONS]),
            }
            for name, content in sorted(self.files.items())
        ]

    def _add(self, name: str, kind: str, picture: str) -> bool:
        svg = self._pictures[kind].get(picture)
        if svg is None or len(svg.encode()) > MOST_BYTES or not is_plain(svg):
            return False
        self.files[name] = svg.encode()
        return True

"""Values of a sync that cross its border."""

from dataclasses import dataclass

from kryptos.catalog import get_chain
from kryptos.domains.integrations import Integration, Stage


@dataclass(frozen=True, slots=True)
class ChainPlan:
    """An account to be read, the stages that are left, and where its history goes on; None: from the beginning."""

    chain_id: str
    cursor: str | None
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What one sync is to read. It is overtaken when the connection is removed or is to be read from the start."""

    integration: Integration
    address: str
    chains: tuple[ChainPlan, ...]

    @property
    def family(self) -> str:
        """The family of chains that the address belongs to."""
        return get_chain(self.chains[0].chain_id).family

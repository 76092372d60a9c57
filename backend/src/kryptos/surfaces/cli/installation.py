"""The installation that a command works on; light, so that ``kryptos --help`` loads no database library."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import typer

from kryptos.infra.settings import Settings, load_settings
from kryptos.kernel.clock import Clock

if TYPE_CHECKING:
    from kryptos.infra.database import Database, Uow

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Installation:
    """Settings are read when a command asks for them: help and completion work with wrong ones."""

    clock: Clock

    def settings(self) -> Settings:
        """Read the settings from the environment."""
        return load_settings()

    def execute(self, work: "Callable[[Uow], Awaitable[Result]]", *, purpose: str) -> Result:
        """Run ``work`` as one transaction on the installation's database and return its result."""
        from kryptos.surfaces.cli.transaction import execute  # noqa: PLC0415 - loads SQLAlchemy

        return execute(self.settings(), self.clock, work, purpose=purpose)

    def run(self, work: "Callable[[Database], Awaitable[Result]]", *, purpose: str) -> Result:
        """Run ``work`` on the installation's database and return its result."""
        from kryptos.surfaces.cli.transaction import run  # noqa: PLC0415 - loads SQLAlchemy

        return run(self.settings(), self.clock, work, purpose=purpose)


def installation_of(context: typer.Context) -> Installation:
    """Return the installation that the entry point put into the command's context."""
    installation = context.obj
    if not isinstance(installation, Installation):
        message = "the command was started without an installation"
        raise TypeError(message)
    return installation

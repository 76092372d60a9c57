"""``kryptos verify-receipt``: check a consent receipt, or a proof of an erasure, without asking anybody."""

from pathlib import Path
from typing import Annotated

import typer

from kryptos.surfaces.cli.installation import installation_of


def verify_receipt(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="The receipt or proof, as it was downloaded.", dir_okay=False),
    ],
    *,
    keys: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            dir_okay=False,
            help="Keys that you trust: `/.well-known/consent-receipt-keys.json` of the service, as you saved it.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False,
) -> None:
    """Check a consent receipt or a proof of an erasure offline; exit status 1 when it does not hold.

    Without --keys, this installation's own key is trusted if it signed, and otherwise the key in the file: then compare
    the printed thumbprint with the one that the service publishes.
    """
    from kryptos.surfaces.cli.receipt_check import check  # noqa: PLC0415 - loads cryptography; help must not

    check(installation_of(context).settings(), file=file, keys=keys, as_json=as_json)

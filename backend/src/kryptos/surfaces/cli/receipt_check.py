"""What ``kryptos verify-receipt`` does: the file, the keys that are trusted, and the verdict in words or as JSON."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec
import typer

from kryptos.infra.secrets import find_token_hasher
from kryptos.infra.settings import Settings
from kryptos.infra.statements import PublicKeys
from kryptos.infra.statements.form import read_object
from kryptos.infra.statements.keys import PURPOSE, read_keys, signing_key
from kryptos.infra.statements.verifying import MOST_BYTES, DoesNotHold, Trust, Verified, verify_file

_NAMES = {"consent-receipt": "consent receipt", "erasure-proof": "proof of an erasure"}
_EVENTS = {
    "given": "access was given",
    "renewed": "access was renewed",
    "revoked": "access was ended",
}
_VOUCHERS = {
    Trust.GIVEN: "it is among the keys that you named",
    Trust.INSTALLATION: "it is this installation's own",
    Trust.FILE: "NOBODY BUT THE FILE vouches for it: compare it with the keys that the service publishes",
}


class VerdictOut(msgspec.Struct, kw_only=True):
    """The verdict as ``--json`` shows it; ``key_trusted_from`` says who vouches for the key."""

    holds: bool
    reason: str | None = None
    kind: Literal["consent-receipt", "erasure-proof"] | None = None
    key: str | None = None
    key_trusted_from: Literal["given", "installation", "file"] | None = None
    content: dict[str, Any] | None = None


def check(settings: Settings, *, file: Path, keys: Path | None, as_json: bool) -> None:
    """Check a file and print what it comes to; ends with status 1 when it does not hold."""
    try:
        verified = verify_file(_bytes_of(file), given=_given(keys) if keys else None, own=_own(settings))
    except DoesNotHold as error:
        if as_json:
            _print_json(VerdictOut(holds=False, reason=error.message))
        else:
            typer.secho(error.message, fg=typer.colors.RED, err=True)
        raise typer.Exit(1) from error
    if as_json:
        _print_json(
            VerdictOut(
                holds=True,
                kind=verified.kind,
                key=verified.key_id,
                key_trusted_from=verified.trust.value,
                content=verified.content,
            )
        )
        return
    typer.secho(f"This {_NAMES[verified.kind]} holds: it is what was signed.", fg=typer.colors.GREEN)
    for title, text in _lines(verified):
        typer.echo(f"{_shown(title):<14} {_shown(text)}")


def _shown(text: object) -> str:
    """Return a text that is one line and nothing else to a terminal: whoever made the file may be anybody."""
    line = str(text)
    return line if line.isprintable() else repr(line)


def _lines(verified: Verified) -> Iterator[tuple[str, str]]:
    try:
        told = list(_receipt_lines(verified.content)) if verified.kind == "consent-receipt" else None
    except (KeyError, TypeError, AttributeError):  # whoever signed it has other words than we
        told = None
    yield from _plain_lines(verified.content) if told is None else told
    yield "Signed with", verified.key_id
    yield "", _VOUCHERS[verified.trust]


def _receipt_lines(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    event = content["event"]
    yield "What", _EVENTS.get(event["event_type"], event["event_type"])
    yield "When", event["event_time"]
    yield "By", event["entity_type"]
    for app in content["pii_controllers"]:
        yield "App", f"{app['party_name']} ({app['party_id']}, {app['mode']})"
    yield "Person", content["pii_principal_id"]
    yield "Workspace", content["workspace_id"]
    yield "Grant", content["record_id"]
    for each in content["purposes"]:
        allowed = "Allowed" if event["event_type"] == "revoked" else "Allows"
        yield allowed, f"{each['purpose']} ({each['scope']})"
    yield "Valid until", event["valid_until"]
    yield "Receipt", content["receipt_id"]
    yield "Follows", content["previous_receipt_id"] or "none: it is the first of its grant"


def _plain_lines(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in content.items():
        yield (
            name.replace("_", " ").capitalize(),
            value if isinstance(value, str) else msgspec.json.encode(value).decode(),
        )


def _given(file: Path) -> PublicKeys:
    try:
        return read_keys(read_object(_bytes_of(file).decode()))
    except ValueError as error:
        message = (
            f"{file} holds no keys: {error}. Save `/.well-known/consent-receipt-keys.json` of the service."
        )
        raise DoesNotHold(message) from error


def _own(settings: Settings) -> PublicKeys:
    """Return the keys of this installation, old peppers' too; none where there is no installation."""
    hasher = find_token_hasher(settings)
    own = [signing_key(each) for each in hasher.derive_each(PURPOSE)] if hasher else []
    return {each.id: each.public for each in own}


def _bytes_of(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as error:
        message = f"{file} cannot be read: {error.strerror or error}."
        raise DoesNotHold(message) from error


def _print_json(verdict: VerdictOut) -> None:
    typer.echo(msgspec.json.format(msgspec.json.encode(verdict), indent=2).decode())

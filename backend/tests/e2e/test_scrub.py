"""What was erased and scrubbed stands in no file below the data directory, and in no dump of the database."""

import base64
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from kryptos.infra.postgres.binaries import program
from tests.support.embedded import Embedded, embedded

pytestmark = pytest.mark.slow

NETWORK_ADDRESS = "203.0.113.77"
LONGEST_MARK = 200


def spellings(mark: bytes) -> set[bytes]:
    """Return the ways in which a mark may be written down."""
    ways = {mark, mark.lower(), mark.hex().encode(), mark.hex().upper().encode()}
    for shift in range(3):  # base64 of a longer text that has the mark somewhere within
        for alphabet in (base64.b64encode, base64.urlsafe_b64encode):
            ways.add(alphabet(b"\0" * shift + mark)[4 if shift else 0 : -4])
    if mark.startswith(b"0x"):
        ways.add(bytes.fromhex(mark[2:].decode()))
    return ways


def found_in(files: Iterable[Path], marks: Mapping[str, bytes]) -> dict[str, set[str]]:
    """Return which marks stand in which files."""
    looked_for = [(name, way) for name, mark in marks.items() for way in spellings(mark)]
    found: dict[str, set[str]] = {name: set() for name in marks}
    for file in files:
        try:
            content = file.read_bytes()
        except FileNotFoundError:  # the server has just done with it
            continue
        for name, way in looked_for:
            if way in content:
                found[name].add(file.as_posix())
    return found


def everything_below(directory: Path) -> list[Path]:
    return [path for path in directory.rglob("*") if path.is_file()]


def dump(installation: Embedded, file: Path) -> Path:
    """Dump the database as text."""
    command = [str(program("pg_dump")), "--file", str(file), "--dbname", installation.url]
    subprocess.run(command, check=True, capture_output=True)
    return file


def marks_of(installation: Embedded, email: str, alias: str, person: dict[str, Any]) -> dict[str, bytes]:
    """Return everything by which somebody could be known."""
    (account,) = installation.rows("SELECT address FROM integrations WHERE id = $1", person["wallet_id"])
    (key,) = installation.rows("SELECT key FROM audit_keys WHERE user_id = $1", person["user_id"])
    hashes = installation.rows(
        "SELECT platform_id FROM transactions WHERE integration_id = $1 ORDER BY id LIMIT 3",
        person["wallet_id"],
    )
    assert len(hashes) == 3
    return {
        "address": email.encode(),
        "alias": alias.encode(),
        "account": account["address"].encode(),
        "key of network addresses": key["key"],
        **{f"transaction {number}": row["platform_id"].encode() for number, row in enumerate(hashes)},
    }


def test_nothing_of_an_erased_person_is_left_in_any_file(tmp_path: Path) -> None:
    with embedded() as installation:
        installation.work()
        installation.create_client()
        ada = installation.connect_by_mail(
            "ada.lovelace@example.com",
            persona="trader",
            alias="Analytical savings",
            network_address=NETWORK_ADDRESS,
        )
        bob = installation.connect_by_mail(
            "bob@example.org", persona="holder", alias="Bob's nest egg", network_address="198.51.100.9"
        )
        name = b"Lovelace and daughters"
        installation.rows("UPDATE workspaces SET name = $1 WHERE id = $2", name.decode(), ada["workspace_id"])
        marks = {
            **marks_of(installation, "ada.lovelace@example.com", "Analytical savings", ada),
            "workspace": name,
        }
        marks_of_bob = marks_of(installation, "bob@example.org", "Bob's nest egg", bob)
        installation.run_script("VACUUM ANALYZE; CHECKPOINT")

        before = found_in(everything_below(installation.directory), marks)
        assert all(before.values()), f"the search finds each before: {before}"
        for place in ("postgres/data/base/", "postgres/data/pg_wal/"):
            assert any(place in each for each in before["address"]), f"also in {place}"
        dumped = found_in([dump(installation, tmp_path / "before.sql")], marks)
        assert all(dumped.values()), dumped
        plain = {"network address": NETWORK_ADDRESS.encode()}
        assert found_in(everything_below(installation.directory), plain) == {"network address": set()}

        proof = installation.command("user", "erase", "ada.lovelace@example.com", "--yes")
        file = tmp_path / "proof.json"
        file.write_text(proof.stdout)
        assert "erasure-proof" in installation.command("verify-receipt", str(file)).stdout
        assert any(found_in(everything_below(installation.directory), marks).values()), (
            "files still hold what was erased"
        )
        scrubbed = installation.command("scrub", "--yes")
        assert "Not done" not in scrubbed.stderr

        after = found_in(everything_below(installation.directory), marks)
        assert after == {name: set() for name in marks}
        assert found_in([dump(installation, tmp_path / "after.sql")], marks) == {
            name: set() for name in marks
        }
        bobs = found_in(everything_below(installation.directory), marks_of_bob)
        assert all(bobs.values()), "another person is still where he was"
        assert installation.rows("SELECT 1 FROM erasures WHERE scrubbed_at IS NULL") == []

        # With the last person most tables are empty, and what the planner knew of them is all that is left to forget.
        installation.command("user", "erase", bob["user_id"], "--yes")
        installation.command("scrub", "--yes")
        after = found_in(everything_below(installation.directory), marks_of_bob)
        assert after == {name: set() for name in marks_of_bob}

"""``kryptos verify-receipt``: offline, in words, and with a status that scripts can rely on."""

import json
from pathlib import Path
from typing import Any

import pytest
from joserfc import jws
from typer.testing import CliRunner, Result

from kryptos.entrypoints.cli import app
from kryptos.infra.secrets import TokenHasher
from kryptos.infra.statements.form import ALGORITHM
from kryptos.infra.statements.keys import PURPOSE, SigningKey, signing_key
from kryptos.infra.statements.signing import statement_file
from tests.support.processes import environment

PEPPER = "1:" + "ab" * 32
OURS = signing_key(TokenHasher({"1": bytes.fromhex("ab" * 32)}).derive(PURPOSE))
THEIRS = signing_key(b"t" * 32)
CONTENT: dict[str, Any] = {
    "receipt_id": "rcpt_2",
    "previous_receipt_id": "rcpt_1",
    "record_id": "cgrant_1",
    "pii_principal_id": "user_1",
    "workspace_id": "ws_1",
    "event": {
        "event_type": "renewed",
        "event_time": "2026-01-02T03:04:05.000000Z",
        "entity_type": "user",
        "valid_until": "2041-01-02T03:04:05.000000Z",
    },
    "pii_controllers": [{"party_id": "client_1", "party_name": "Shop", "mode": "production"}],
    "purposes": [{"scope": "portfolios:read", "purpose": "Read your portfolio holdings"}],
}


def written(
    folder: Path, *, key: SigningKey = OURS, typ: str = "consent-receipt+jwt", content: object = CONTENT
) -> Path:
    header = {"alg": ALGORITHM, "kid": key.id, "typ": typ}
    statement = jws.serialize_compact(header, json.dumps(content), key.key, algorithms=[ALGORITHM])
    file = folder / "receipt.json"
    file.write_text(json.dumps(statement_file(statement, {key.id: key.public}), indent=2))
    return file


def verify(*words: object, **settings: str) -> Result:
    given = {"pepper": PEPPER, "database_url": "postgresql://nobody@127.0.0.1:1/nothing", **settings}
    return CliRunner().invoke(app, ["verify-receipt", *map(str, words)], env=environment(**given))


def test_a_receipt_of_this_installation_is_told_in_words(tmp_path: Path) -> None:
    done = verify(written(tmp_path))
    assert done.exit_code == 0, done.output
    for words in (
        "This consent receipt holds",
        "access was renewed",
        "2026-01-02T03:04:05",
        "Shop (client_1, production)",
        "user_1",
        "Read your portfolio holdings (portfolios:read)",
        "rcpt_1",
        OURS.id,
        "this installation's own",
    ):
        assert words in done.stdout


def test_a_receipt_that_only_its_own_file_vouches_for_is_told_so(tmp_path: Path) -> None:
    done = verify(written(tmp_path, key=THEIRS))
    assert done.exit_code == 0
    assert "NOBODY BUT THE FILE" in done.stdout
    assert THEIRS.id in done.stdout


def test_named_keys_decide(tmp_path: Path) -> None:
    file, keys = written(tmp_path, key=THEIRS), tmp_path / "keys.json"
    keys.write_text(json.dumps({"keys": [OURS.public, THEIRS.public]}))
    done = verify(file, "--keys", keys)
    assert done.exit_code == 0
    assert "among the keys that you named" in done.stdout
    keys.write_text(json.dumps({"keys": [OURS.public]}))
    refused = verify(file, "--keys", keys)
    assert refused.exit_code == 1
    assert "not among the keys that you named" in refused.stderr
    assert verify(written(tmp_path), "--keys", keys).exit_code == 0, "of these, not of the pepper's"


def test_an_old_pepper_still_vouches(tmp_path: Path) -> None:
    done = verify(written(tmp_path), pepper=f"2:{'cd' * 32},{PEPPER}")
    assert "this installation's own" in done.stdout


def test_where_there_is_no_installation_none_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    done = verify(written(tmp_path), pepper="", data_dir=str(folder))
    assert done.exit_code == 0
    assert "NOBODY BUT THE FILE" in done.stdout
    assert not folder.exists()


def test_a_changed_receipt_does_not_hold(tmp_path: Path) -> None:
    file = written(tmp_path)
    file.write_text(file.read_text().replace("Shop", "Ship"))
    done = verify(file)
    assert done.exit_code == 1
    assert done.stderr.strip() == "This file does not hold: its readable content is not what was signed."
    assert done.stdout == ""


@pytest.mark.parametrize("text", ["", "{}", "[1]", "no JSON"])
def test_other_files_are_refused_in_words(tmp_path: Path, text: str) -> None:
    file = tmp_path / "receipt.json"
    file.write_text(text)
    done = verify(file)
    assert done.exit_code == 1
    assert done.stderr.startswith("This file does not hold: ")
    assert verify(tmp_path / "missing.json").exit_code != 0


def test_keys_that_are_none_are_refused_in_words(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text("[]")
    done = verify(written(tmp_path), "--keys", keys)
    assert done.exit_code == 1
    assert "holds no keys" in done.stderr


def test_a_proof_of_an_erasure_is_checked_too(tmp_path: Path) -> None:
    content = {"erasure_id": "erasure_1", "counts": {"grants": 2}, "finished_at": "2026-01-02"}
    done = verify(written(tmp_path, typ="erasure-proof+jwt", content=content))
    assert done.exit_code == 0, done.output
    assert "This proof of an erasure holds" in done.stdout
    assert '{"grants":2}' in done.stdout


def test_what_anybody_can_write_into_a_file_does_nothing_to_a_terminal(tmp_path: Path) -> None:
    """A file that holds by its own key alone can say whatever its maker likes, but not hide what we say of it."""
    content = {
        **CONTENT,
        "pii_controllers": [{"party_name": "Shop\x1b[8m\n\u202e", "party_id": "c", "mode": "production"}],
    }
    done = verify(written(tmp_path, key=THEIRS, content=content))
    assert done.exit_code == 0
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout
    assert "NOBODY BUT THE FILE" in done.stdout


@pytest.mark.parametrize("content", [{}, {"event": 3}, {**CONTENT, "purposes": [3]}, {"event\x1b": {}}])
def test_a_signed_file_in_other_words_is_told_as_it_is(tmp_path: Path, content: dict[str, Any]) -> None:
    done = verify(written(tmp_path, key=THEIRS, content=content))
    assert done.exit_code == 0, done.output
    assert "\x1b" not in done.stdout
    assert "NOBODY BUT THE FILE" in done.stdout


def test_scripts_get_json(tmp_path: Path) -> None:
    done = verify(written(tmp_path), "--json")
    verdict = json.loads(done.stdout)
    assert (done.exit_code, verdict["holds"], verdict["key"]) == (0, True, OURS.id)
    assert (verdict["kind"], verdict["key_trusted_from"]) == ("consent-receipt", "installation")
    assert verdict["content"] == CONTENT
    file = written(tmp_path)
    file.write_text(file.read_text()[:-40])
    refused = verify(file, "--json")
    assert (refused.exit_code, json.loads(refused.stdout)["holds"]) == (1, False)

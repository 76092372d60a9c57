"""Signed statements: what was signed holds, and nothing else does, whatever byte of it was changed."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OctKey

from kryptos.infra.statements.form import ALGORITHM, read_object
from kryptos.infra.statements.keys import read_keys, signing_key
from kryptos.infra.statements.signing import statement_file
from kryptos.infra.statements.verifying import MOST_BYTES, DoesNotHold, Trust, verify_file

KEY, OTHER = signing_key(b"k" * 32), signing_key(b"o" * 32)
KEYS, OTHERS = {KEY.id: KEY.public}, {OTHER.id: OTHER.public}
PAYLOAD = {"receipt_id": "rcpt_1", "count": 1, "scopes": ["a", "b"], "text": "ä €", "none": None}


def signed(payload: object = PAYLOAD, *, key: Any = KEY, **header: object) -> str:
    whole = {"alg": ALGORITHM, "kid": key.id, "typ": "consent-receipt+jwt", **header}
    return jws.serialize_compact(whole, json.dumps(payload).encode(), key.key, algorithms=[ALGORITHM])


FILE = statement_file(signed(), KEYS)
RECEIPT = str(FILE["receipt"])
BYTES = json.dumps(FILE, ensure_ascii=False).encode()


def refused(file: object, **trusted: Any) -> str:
    text = file if isinstance(file, bytes) else json.dumps(file).encode()
    with pytest.raises(DoesNotHold) as error:
        verify_file(text, **trusted)
    return error.value.message


def test_what_was_signed_holds_and_says_whose_key_it_was() -> None:
    verified = verify_file(BYTES)
    assert verified.content == PAYLOAD
    assert (verified.kind, verified.key_id, verified.trust) == ("consent-receipt", KEY.id, Trust.FILE)
    assert verify_file(BYTES, own={**OTHERS, **KEYS}).trust is Trust.INSTALLATION
    assert verify_file(BYTES, own=OTHERS).trust is Trust.FILE
    assert verify_file(BYTES, own=OTHERS, given=KEYS).trust is Trust.GIVEN
    assert verify_file(json.dumps(FILE, indent=8, sort_keys=True).encode()).content == PAYLOAD


def test_the_thumbprint_is_that_of_rfc_7638() -> None:
    members = {"crv": "Ed25519", "kty": "OKP", "x": KEY.public["x"]}
    text = json.dumps(members, separators=(",", ":")).encode()
    assert KEY.id == base64.urlsafe_b64encode(hashlib.sha256(text).digest()).rstrip(b"=").decode()


def test_signing_is_deterministic() -> None:
    assert signed() == signed()


@settings(max_examples=600, deadline=None)
@given(st.integers(0, len(RECEIPT) - 1), st.characters(max_codepoint=127))
def test_any_changed_sign_of_a_statement_is_refused(place: int, sign: str) -> None:
    changed = RECEIPT[:place] + sign + RECEIPT[place + 1 :]
    if changed != RECEIPT:
        refused({**FILE, "receipt": changed})
        refused({**FILE, "receipt": changed}, given=KEYS)


@settings(max_examples=600, deadline=None)
@given(st.integers(0, len(BYTES) - 1), st.integers(1, 255))
def test_any_changed_byte_of_a_file_is_refused_unless_it_reads_the_same(place: int, difference: int) -> None:
    changed = bytearray(BYTES)
    changed[place] ^= difference
    try:
        reads_the_same = read_object(bytes(changed).decode()) == FILE
    except ValueError:
        reads_the_same = False
    if reads_the_same:  # a blank that became another blank
        assert verify_file(bytes(changed)).content == PAYLOAD
    else:
        refused(bytes(changed))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(BYTES) - 1))
def test_a_truncated_file_is_refused(length: int) -> None:
    refused(BYTES[:length])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.text(), json_values, max_size=5), st.dictionaries(st.text(), json_values, max_size=5)
)
def test_content_that_is_not_what_was_signed_is_refused(
    payload: dict[str, Any], other: dict[str, Any]
) -> None:
    file = statement_file(signed(payload), KEYS)
    assert verify_file(json.dumps(file).encode()).content == payload
    if json.dumps(other, sort_keys=True) != json.dumps(payload, sort_keys=True):
        assert "not what was signed" in refused({**file, "content": other})


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("another number", {"content": {**PAYLOAD, "count": 2}}),
        ("a number that Python takes for the same", {"content": {**PAYLOAD, "count": True}}),
        ("the same number otherwise written", {"content": {**PAYLOAD, "count": 1.0}}),
        ("content left out", {"content": None}),
        ("something nobody signed", {"note": "and the moon"}),
        ("a salt, which only a proof of an erasure has", {"salt": "00"}),
        ("the key of somebody else", {"keys": {"keys": [OTHER.public]}}),
        ("a second key", {"keys": {"keys": [KEY.public, OTHER.public]}}),
        ("no key", {"keys": {"keys": []}}),
        ("keys of no kind", {"keys": 3}),
        ("a key that says otherwise of itself", {"keys": {"keys": [{**KEY.public, "use": "enc"}]}}),
        ("no statement", {"receipt": 3}),
        ("two statements", {"receipt": f"{RECEIPT}.{RECEIPT}"}),
    ],
)
def test_a_file_with_anything_else_in_it_is_refused(name: str, change: dict[str, Any]) -> None:
    refused({**FILE, **change})
    refused({**FILE, **change}, given=KEYS)


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "JWT"},
        {"typ": "at+jwt"},
        {"typ": "consent-receipt"},
        {"jku": "https://evil.example/keys"},
        {"kid": OTHER.id},
        {"x5u": "https://evil.example/keys"},
    ],
)
def test_another_header_is_refused(header: dict[str, object]) -> None:
    refused({**FILE, "receipt": signed(**header)})


def test_a_name_that_stands_twice_is_refused() -> None:
    twice = BYTES[:-1] + b', "content": ' + json.dumps({**PAYLOAD, "count": 2}).encode() + b"}"
    assert "stands twice" in refused(twice)


@pytest.mark.parametrize("text", [b"", b"[]", b"nothing", b"\xff", b'{"a": NaN}', b"[" * 100_000])
def test_what_is_no_file_is_refused_in_words(text: bytes) -> None:
    assert refused(text).startswith("This file does not hold: ")


def test_a_file_of_any_size_is_not_read() -> None:
    assert "larger" in refused(b" " * (MOST_BYTES + 1))


def part(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def test_the_algorithm_is_never_the_files_choice() -> None:
    """RFC 8725, sections 2.1 and 3.1: neither `none`, nor HMAC with the public key as its secret."""
    header = {"kid": KEY.id, "typ": "consent-receipt+jwt"}
    forged = {**PAYLOAD, "count": 9}
    unsigned = f"{part({**header, 'alg': 'none'})}.{part(forged)}."
    refused({**FILE, "receipt": unsigned, "content": forged})
    signing_input = f"{part({**header, 'alg': 'HS256'})}.{part(forged)}"
    for secret in (KEY.public["x"].encode(), base64.urlsafe_b64decode(KEY.public["x"] + "=")):
        mac = hmac.digest(secret, signing_input.encode(), hashlib.sha256)
        refused({**FILE, "receipt": f"{signing_input}.{part(mac)}", "content": forged}, given=KEYS)
    key = OctKey.import_key(KEY.public["x"])
    symmetric = jws.serialize_compact({**header, "alg": "HS256"}, json.dumps(forged), key)
    refused({**FILE, "receipt": symmetric, "content": forged})
    claimed = f"{part({**header, 'alg': ALGORITHM})}.{part(forged)}.{part(bytes(64))}"
    refused({**FILE, "receipt": claimed, "content": forged})


def test_a_whole_file_of_another_key_does_not_pass_for_ours() -> None:
    """Anybody can make a file that holds by itself: who is told whose keys to trust finds out."""
    forged = statement_file(signed(key=OTHER), OTHERS)
    assert verify_file(json.dumps(forged).encode(), own=KEYS).trust is Trust.FILE
    assert "not among the keys" in refused(forged, given=KEYS)


def test_a_proof_of_an_erasure_is_another_kind_and_may_hold_its_salt() -> None:
    file = statement_file(signed(typ="erasure-proof+jwt"), KEYS)
    assert verify_file(json.dumps({**file, "salt": "00"}).encode()).kind == "erasure-proof"
    refused({**file, "pepper": "00"})


def test_keys_are_known_by_their_thumbprint_alone() -> None:
    lying = {"kty": "OKP", "crv": "Ed25519", "x": OTHER.public["x"], "kid": KEY.id}
    others = ({"kty": "RSA", "n": "AQAB", "e": "AQAB"}, {"kty": "OKP", "crv": "Ed25519", "x": "?"}, 3)
    assert set(read_keys({"keys": [*others, lying]})) == {OTHER.id}
    with pytest.raises(ValueError, match="JWK set"):
        read_keys([])

"""The texts that wallets sign: one text per message, one message per text, and nothing that only looks like one."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kryptos.catalog import checksum_address
from kryptos.domains.connect.engine.sign_in_message import (
    NotASignInMessage,
    SignInMessage,
    build,
    parse,
)
from kryptos.providers.sandbox.solana.keys import base58

ADDRESS = "0x47c2e31e9cE22437Bcf6313D2b9e98245A7BFcFA"
EVM = SignInMessage(
    family="evm",
    domain="app.example.com",
    address=checksum_address(ADDRESS),
    statement="Prove to Purse that this account is yours.",
    uri="https://app.example.com",
    version="1",
    chain_id="1",
    nonce="0123456789abcdef",
    issued_at="2026-01-02T03:04:05Z",
    expiration_time="2026-01-02T03:14:05Z",
)
SOLANA = replace(EVM, family="solana", address=base58(bytes(range(1, 33))), chain_id="mainnet")
EVM_TEXT = f"""app.example.com wants you to sign in with your Ethereum account:
{EVM.address}

Prove to Purse that this account is yours.

URI: https://app.example.com
Version: 1
Chain ID: 1
Nonce: 0123456789abcdef
Issued At: 2026-01-02T03:04:05Z
Expiration Time: 2026-01-02T03:14:05Z"""


def test_the_text_of_ethereum() -> None:
    assert build(EVM) == EVM_TEXT
    assert parse(EVM_TEXT) == EVM


def test_the_text_of_solana_has_the_same_lines() -> None:
    text = EVM_TEXT.replace("Ethereum", "Solana").replace(EVM.address, SOLANA.address)
    assert build(SOLANA) == text.replace("Chain ID: 1", "Chain ID: mainnet")


def test_without_a_statement_ethereum_has_one_blank_line_more() -> None:
    """ERC-4361: ``address LF LF [ statement LF ] LF URI``; the Wallet Standard joins its parts by one blank line."""
    assert f"{EVM.address}\n\n\nURI: " in build(replace(EVM, statement=None))
    assert f"{SOLANA.address}\n\nURI: " in build(replace(SOLANA, statement=None))


def test_a_text_of_solana_may_have_no_fields() -> None:
    bare = SignInMessage(family="solana", domain="app.example.com", address=SOLANA.address)
    assert build(bare).count("\n") == 1
    assert parse(build(bare)) == bare


REFUSED = {
    "empty": "",
    "carriage returns": EVM_TEXT.replace("\n", "\r\n"),
    "a line at the end": EVM_TEXT + "\n",
    "a line before": "\n" + EVM_TEXT,
    "another verb": EVM_TEXT.replace("sign in", "log in"),
    "another family's words": EVM_TEXT.replace("Ethereum", "Solana"),
    "an unknown family": EVM_TEXT.replace("Ethereum", "Bitcoin"),
    "a user name in the domain": EVM_TEXT.replace(
        "app.example.com wants", "app.example.com@evil.example wants"
    ),
    "a path in the domain": EVM_TEXT.replace("app.example.com wants", "app.example.com/x wants"),
    "a blank in the domain": EVM_TEXT.replace("app.example.com wants", "app .example.com wants"),
    "small letters": EVM_TEXT.replace(EVM.address, EVM.address.lower()),
    "a wrong checksum": EVM_TEXT.replace(EVM.address, EVM.address.swapcase().replace("0X", "0x")),
    "a short address": EVM_TEXT.replace(EVM.address, EVM.address[:-1]),
    "two statements": EVM_TEXT.replace("yours.\n", "yours.\nIt is.\n"),
    "a statement of another alphabet": EVM_TEXT.replace("Purse", "Pürse"),
    "no URI": EVM_TEXT.replace("URI: https://app.example.com\n", ""),
    "a URI without scheme": EVM_TEXT.replace("URI: https:", "URI: "),
    "another version": EVM_TEXT.replace("Version: 1", "Version: 2"),
    "a chain that is no number": EVM_TEXT.replace("Chain ID: 1", "Chain ID: 0x1"),
    "a short nonce": EVM_TEXT.replace(str(EVM.nonce), "1234567"),
    "a nonce with a hyphen": EVM_TEXT.replace(str(EVM.nonce), "0123-4567-89ab"),
    "a day that does not exist": EVM_TEXT.replace("2026-01-02T03:04:05Z", "2026-02-30T03:04:05Z"),
    "a time without zone": EVM_TEXT.replace("03:04:05Z", "03:04:05"),
    "fields out of order": EVM_TEXT.replace("Version: 1\nChain ID: 1", "Chain ID: 1\nVersion: 1"),
    "a field twice": EVM_TEXT.replace("Version: 1\n", "Version: 1\nVersion: 1\n"),
    "a field of its own": EVM_TEXT.replace("Version: 1\n", "Version: 1\nAmount: 1\n"),
    "two blanks": EVM_TEXT.replace("Version: 1", "Version:  1"),
    "a resource that is no URI": EVM_TEXT + "\nResources:\n- everything",
    "too long": EVM_TEXT + "\nResources:" + "\n- https://app.example.com/" * 400,
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=list(REFUSED))
def test_what_only_looks_like_a_message_is_none(text: str) -> None:
    with pytest.raises(NotASignInMessage):
        parse(text)


@pytest.mark.parametrize(
    "change",
    [
        {"statement": "Sign.\n\nURI: https://evil.example"},
        {"domain": "evil.example wants you"},
        {"nonce": "12345678\nIssued At: 2026-01-01T00:00:00Z"},
        {"uri": "https://a.example\nVersion: 1"},
        {"request_id": "a b"},
        {"scheme": ""},
    ],
)
def test_no_field_can_hold_another(change: dict[str, str]) -> None:
    with pytest.raises(NotASignInMessage):
        build(replace(EVM, **change))  # type: ignore[arg-type]  # all of these are texts


LETTERS = st.characters(min_codepoint=33, max_codepoint=126)
WORDS = st.from_regex(r"[A-Za-z0-9 .,:;!?'()/=-]{1,60}", fullmatch=True)
TIMES = st.datetimes().map(lambda at: at.strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0") + "Z")
URIS = st.from_regex(r"[a-z]{2,8}://[a-z0-9.-]{1,20}(/[a-z0-9%?=&-]{0,10}){0,2}", fullmatch=True)


def maybe(values: st.SearchStrategy[str]) -> st.SearchStrategy[str | None]:
    return st.none() | values


@st.composite
def messages(draw: st.DrawFn) -> SignInMessage:
    is_evm = draw(st.booleans())
    needed = st.sampled_from if is_evm else lambda values: st.none() | st.sampled_from(values)
    raw = draw(st.binary(min_size=20, max_size=20) if is_evm else st.binary(min_size=32, max_size=32))
    nonces = st.from_regex(r"[A-Za-z0-9]{8,40}", fullmatch=True)
    return SignInMessage(
        family="evm" if is_evm else "solana",
        domain=draw(st.from_regex(r"[a-z0-9.-]{1,30}(:[0-9]{1,5})?", fullmatch=True)),
        address=checksum_address("0x" + raw.hex()) if is_evm else base58(raw),
        scheme=draw(maybe(st.sampled_from(["https", "http"]))) if is_evm else None,
        statement=draw(maybe(WORDS)),
        uri=draw(URIS if is_evm else maybe(URIS)),
        version=draw(needed(["1"])),
        chain_id=draw(needed(["1", "137"])),
        nonce=draw(nonces if is_evm else maybe(nonces)),
        issued_at=draw(TIMES if is_evm else maybe(TIMES)),
        expiration_time=draw(maybe(TIMES)),
        not_before=draw(maybe(TIMES)),
        request_id=draw(maybe(st.from_regex(r"[a-z0-9]{0,10}", fullmatch=True))),
        resources=draw(st.none() | st.lists(URIS, max_size=3).map(tuple)),
    )


@given(messages())
def test_every_message_reads_back(message: SignInMessage) -> None:
    assert parse(build(message)) == message


@given(messages(), st.data())
def test_a_text_with_one_sign_changed_is_another_message_or_none(
    message: SignInMessage, data: st.DataObject
) -> None:
    text = build(message)
    at = data.draw(st.integers(0, len(text) - 1))
    changed = text[:at] + data.draw(LETTERS | st.sampled_from("\n\r\t é")) + text[at + 1 :]
    try:
        found = parse(changed)
    except NotASignInMessage:
        return
    assert (found == message) == (changed == text)
    assert build(found) == changed

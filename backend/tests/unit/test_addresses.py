"""Whose call it is: X-Forwarded-For is believed from its right end on, and only as far as our own proxies wrote it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kryptos.infra.settings import SettingsWrong
from kryptos.surfaces.http.addresses import caller_address, parse_networks

PROXIES = parse_networks("10.0.0.0/8, 192.168.1.1, fd00::/8")


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("1.2.3.4", None, "1.2.3.4"),
        ("1.2.3.4", "6.6.6.6", "1.2.3.4"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.2", "1.2.3.4"),
        ("10.0.0.1", "10.9.9.9, 1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("fd00::1", "2001:db8::7", "2001:db8::7"),
        ("10.0.0.1", "6.6.6.6, nonsense", "10.0.0.1"),
        ("10.0.0.1", "6.6.6.6, 1.2.3.4:5678", "10.0.0.1"),
        ("10.0.0.1", "6.6.6.6, <script>, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", " , ,1.2.3.4, ,", "1.2.3.4"),
        ("", "1.2.3.4", ""),
        ("unix:", "1.2.3.4", "unix:"),
    ],
)
def test_the_caller_is_the_nearest_address_that_is_no_proxy(
    peer: str, forwarded: str | None, address: str
) -> None:
    assert caller_address(peer, forwarded, PROXIES) == address


@given(st.text(max_size=60))
def test_without_trusted_proxies_the_header_is_never_read(forwarded: str) -> None:
    assert caller_address("1.2.3.4", forwarded, ()) == "1.2.3.4"


@given(st.text(max_size=60))
def test_nothing_that_a_caller_claims_hides_the_address_that_our_proxy_wrote(claimed: str) -> None:
    assert caller_address("10.0.0.1", f"{claimed},1.2.3.4", PROXIES) == "1.2.3.4"


def test_networks_are_read_with_or_without_host_bits() -> None:
    assert [str(each) for each in parse_networks(" 10.1.2.3/8 ,::1,, 127.0.0.1")] == [
        "10.0.0.0/8",
        "::1/128",
        "127.0.0.1/32",
    ]
    assert parse_networks("") == ()


@pytest.mark.parametrize("text", ["proxy", "10.0.0.0/33", "10.0.0", "10.0.0.1;10.0.0.2", "*"])
def test_what_is_no_network_names_its_variable(text: str) -> None:
    with pytest.raises(SettingsWrong, match="KRYPTOS_TRUSTED_PROXIES"):
        parse_networks(text)

"""Ids sort by time, clocks say UTC, errors carry a code, a kind and a sentence."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kryptos.kernel.clock import SystemClock
from kryptos.kernel.errors import InvalidInput, Kind, KryptosError, Unavailable
from kryptos.kernel.ids import new_id, system_random, uuid7_hex
from kryptos.surfaces.http.envelopes import DATA_WORDS, STATUS

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
instants = st.timedeltas(timedelta(days=1), timedelta(days=365 * 8000)).map(lambda span: EPOCH + span)


@given(instants, st.binary(min_size=10, max_size=10))
def test_an_id_is_a_version_7_uuid_of_its_instant(now: datetime, chance: bytes) -> None:
    """RFC 9562, section 5.7."""
    digits = uuid7_hex(now, lambda count: chance[:count])
    assert re.fullmatch(r"[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}", digits)
    milliseconds = (now - EPOCH) // timedelta(milliseconds=1)
    assert abs(int(digits[:12], 16) - milliseconds) <= 1


@given(instants, instants)
def test_ids_sort_by_the_millisecond_of_their_making(one: datetime, two: datetime) -> None:
    if two - one >= timedelta(milliseconds=2):
        assert new_id("x", one, system_random) < new_id("x", two, system_random)


def test_ids_of_one_instant_differ() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    made = {new_id("user", now, system_random) for _ in range(10_000)}
    assert len(made) == 10_000
    assert all(re.fullmatch(r"user_[0-9a-f]{32}", each) for each in made)


def test_the_systems_clock_is_aware_and_in_utc() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)


def descendants(kind: type[KryptosError]) -> Iterator[type[KryptosError]]:
    for each in kind.__subclasses__():
        yield each
        yield from descendants(each)


def test_every_error_says_what_happened_in_a_sentence_and_under_a_stable_code() -> None:
    found = [each for each in descendants(KryptosError) if each.__module__.startswith("kryptos.")]
    assert len(found) > 20
    for error in found:
        assert re.fullmatch(r"[A-Z][A-Z_]+", error.code), error
        assert error.default_message.endswith("."), error
        assert error.kind in Kind


def test_every_kind_has_a_status_and_a_word_of_the_data_api() -> None:
    assert set(STATUS) == set(DATA_WORDS) == set(Kind)


def test_one_code_means_one_thing() -> None:
    """The same code under two kinds is told apart by its status; under one kind it may not have two meanings."""
    allowed = {"INVALID_GRANT", "RATE_LIMIT_EXCEEDED", "INTERNAL_ERROR"}
    by_code: dict[str, set[str]] = {}
    for error in descendants(KryptosError):
        # a subclass that keeps its parent's code refines the meaning, and is told the same
        if error.__module__.startswith("kryptos.") and "code" in vars(error):
            by_code.setdefault(error.code, set()).add(error.__name__)
    assert {code for code, names in by_code.items() if len(names) > 1} <= allowed


def test_an_error_speaks_its_message_and_keeps_its_details() -> None:
    error = InvalidInput(details=[{"code": "x"}])
    assert str(error) == error.message == InvalidInput.default_message
    assert error.details == ({"code": "x"},)
    assert str(Unavailable("Later.", retry_after_seconds=3)) == "Later."
    assert Unavailable("Later.", retry_after_seconds=3).retry_after_seconds == 3

"""The limiter's law: in no window of time are more calls let through than the bucket holds and what flows into it."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from kryptos.infra.rate_limits import Limit, RateLimiter

limits = st.builds(Limit, name=st.just("x"), calls=st.integers(1, 50), period_seconds=st.integers(1, 600))
gaps = st.lists(
    st.integers(0, 120_000).map(lambda milliseconds: milliseconds / 1000), min_size=1, max_size=80
)


class HandClock:
    """Monotonic seconds that a test moves."""

    def __init__(self, now: float = 50_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@given(limits, gaps)
def test_no_window_lets_through_more_than_the_bucket_and_its_refill(
    limit: Limit, pauses: list[float]
) -> None:
    clock = HandClock()
    limiter = RateLimiter(monotonic=clock)
    allowed: list[float] = []
    for pause in pauses:
        clock.now += pause
        if limiter.take(limit, "me").is_allowed:
            allowed.append(clock.now)
    for first, start in enumerate(allowed):
        for last in range(first, len(allowed)):
            refill = Fraction(allowed[last] - start) * limit.calls / limit.period_seconds
            assert last - first + 1 <= limit.calls + refill + Fraction(1, 100)


@given(limits, gaps)
def test_whoever_waits_as_long_as_told_is_let_through(limit: Limit, pauses: list[float]) -> None:
    clock = HandClock()
    limiter = RateLimiter(monotonic=clock)
    for pause in pauses:
        clock.now += pause / 100
        verdict = limiter.take(limit, "me")
        assert (verdict.retry_after_seconds == 0) is verdict.is_allowed
        assert 0 <= verdict.remaining <= limit.calls - 1
        assert 0 <= verdict.reset_seconds <= limit.period_seconds + 1
        if not verdict.is_allowed:
            assert verdict.remaining == 0
            clock.now += verdict.retry_after_seconds
            assert limiter.take(limit, "me").is_allowed


@given(limits)
def test_the_whole_bucket_may_be_taken_at_once_and_is_full_again_after_its_period(limit: Limit) -> None:
    clock = HandClock()
    limiter = RateLimiter(monotonic=clock)
    for _ in range(2):
        assert [limiter.take(limit, "me").is_allowed for _ in range(limit.calls + 1)] == [
            True
        ] * limit.calls + [False]
        clock.now += limit.period_seconds


def test_looking_takes_nothing_and_refused_calls_cost_nothing() -> None:
    limit = Limit("x", calls=2, period_seconds=60)
    clock = HandClock()
    limiter = RateLimiter(monotonic=clock)
    for _ in range(10):
        assert limiter.wait_seconds(limit, "me") == 0
    assert [limiter.take(limit, "me").is_allowed for _ in range(50)] == [True, True] + [False] * 48
    clock.now += 30
    assert limiter.take(limit, "me").is_allowed


def test_keys_and_limits_have_buckets_of_their_own() -> None:
    one, two = Limit("one", calls=1, period_seconds=60), Limit("two", calls=1, period_seconds=60)
    limiter = RateLimiter(monotonic=HandClock())
    taken = [limiter.take(limit, key).is_allowed for limit in (one, two) for key in ("a", "b")]
    assert taken == [True] * 4
    assert not limiter.take(one, "a").is_allowed


def test_a_factor_multiplies_every_limit() -> None:
    limiter = RateLimiter(monotonic=HandClock(), factor=3)
    verdicts = [limiter.take(Limit("x", calls=2, period_seconds=60), "me") for _ in range(7)]
    assert [verdict.is_allowed for verdict in verdicts] == [True] * 6 + [False]
    assert {verdict.limit for verdict in verdicts} == {6}


def test_memory_is_bounded_and_the_least_recently_used_bucket_is_forgotten() -> None:
    limit = Limit("x", calls=1, period_seconds=60)
    limiter = RateLimiter(monotonic=HandClock(), capacity=3)
    for key in "abcd":
        assert limiter.take(limit, key).is_allowed
    assert len(limiter._full_at) == 3
    assert not limiter.take(limit, "d").is_allowed
    assert limiter.take(limit, "a").is_allowed

"""Amount: exact for every quantity there is, closed to floats, plain on the wire."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kryptos.kernel.amount import PRECISION_DIGITS, Amount

WEI = 10**18
MOST = 2**256 - 1

quantities = st.one_of(
    st.integers(-MOST, MOST).map(Decimal),
    st.integers(-MOST, MOST).map(lambda number: Decimal(number).scaleb(-18)),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30, places=18),
    st.sampled_from([Decimal("1e-18"), Decimal("1e30"), Decimal(MOST), Decimal(0), Decimal("-0.0")]),
)


@st.composite
def _amounts(draw: st.DrawFn) -> Amount:
    return Amount(draw(quantities))


amounts = _amounts()
small = st.integers(-(10**40), 10**40).map(lambda number: Amount(Decimal(number).scaleb(-18)))


def exact(amount: Amount) -> Fraction:
    return Fraction(amount.decimal)


@pytest.mark.parametrize(
    "text",
    [
        "0.000000000000000001",
        "1000000000000000000000000000000",
        str(MOST),
        f"-{MOST}",
        "0.1",
        "123456789.123456789123456789",
        "0",
    ],
)
def test_a_quantity_survives_unchanged(text: str) -> None:
    assert str(Amount(text)) == text
    assert Amount(text) == Amount(Decimal(text))


def test_powers_of_ten_are_written_out() -> None:
    assert str(Amount("1e-18")) == "0.000000000000000001"
    assert str(Amount("1e30")) == "1" + "0" * 30
    assert str(Amount("-0")) == str(-Amount(0)) == str(Amount("-0.000")) == "0"
    assert str(Amount("1.500")) == "1.5"
    assert str(Amount(100)) == "100"


@pytest.mark.parametrize("value", [0.1, 1.0, float("nan"), True, False, None, b"1", [1], Fraction(1, 3), 1j])
def test_nothing_inexact_becomes_an_amount(value: object) -> None:
    with pytest.raises(TypeError):
        Amount(value)  # type: ignore[arg-type]  # that is the point


@pytest.mark.parametrize(
    "text", ["", "one", "NaN", "sNaN", "Infinity", "-inf", "1,5", "0x10", "1.2.3", "--1", "$1"]
)
def test_what_is_no_finite_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"amount|number"):
        Amount(text)


def test_more_digits_than_can_be_kept_are_refused_and_never_rounded() -> None:
    assert Amount("1" * PRECISION_DIGITS)
    with pytest.raises(ValueError, match="120"):
        Amount("1" * (PRECISION_DIGITS + 1))
    with pytest.raises(OverflowError):
        Amount(10**119) + Amount("0.1") * Amount("0.1")
    with pytest.raises(OverflowError):
        Amount("1" * PRECISION_DIGITS) * Amount("1" * PRECISION_DIGITS)


def test_an_amount_cannot_change() -> None:
    amount = Amount(1)
    with pytest.raises(AttributeError):
        amount._value = Decimal(2)
    with pytest.raises(AttributeError):
        amount.other = 1


def test_mixing_with_a_float_is_an_error() -> None:
    for mix in (
        lambda: Amount(1) + 0.1,  # type: ignore[operator]
        lambda: 0.1 + Amount(1),  # type: ignore[operator]
        lambda: Amount(1) * 2.0,  # type: ignore[operator]
        lambda: Amount(1) / 3.0,  # type: ignore[operator]
        lambda: Amount(1) < 0.1,  # type: ignore[operator]
    ):
        with pytest.raises((TypeError, AttributeError)):
            mix()
    assert Amount(1) != 1.0
    assert Amount(1) != 1


@given(amounts, amounts)
def test_sums_and_differences_are_exact(a: Amount, b: Amount) -> None:
    assert exact(a + b) == exact(a) + exact(b)
    assert exact(a - b) == exact(a) - exact(b)
    assert a + b == b + a
    assert (a + b) - b == a


@given(small, small, small)
def test_products_are_exact_and_distribute(a: Amount, b: Amount, c: Amount) -> None:
    assert exact(a * b) == exact(a) * exact(b)
    assert a * b == b * a
    assert (a + b) * c == a * c + b * c


@given(amounts)
def test_text_and_back_is_the_same_amount(a: Amount) -> None:
    text = str(a)
    assert Amount(text) == a
    assert "e" not in text.lower()
    assert not text.startswith("-0") or "." in text
    assert repr(a) == f"Amount('{text}')"


@given(amounts, amounts)
def test_order_and_hash_are_those_of_the_numbers(a: Amount, b: Amount) -> None:
    assert (a < b) == (exact(a) < exact(b))
    assert (a >= b) == (exact(a) >= exact(b))
    assert (a == b) == (exact(a) == exact(b))
    if a == b:
        assert hash(a) == hash(b)
    assert bool(a) == bool(exact(a))


@given(small, small.filter(bool))
def test_a_quotient_is_within_half_a_unit_of_its_last_digit(a: Amount, b: Amount) -> None:
    found, true = exact(a / b), exact(a) / exact(b)
    assert abs(found - true) <= abs(true) * Fraction(1, 10 ** (PRECISION_DIGITS - 1))


def test_nothing_is_divided_by_zero() -> None:
    for numerator in (0, 1):
        with pytest.raises(ArithmeticError):
            Amount(numerator) / Amount(0)

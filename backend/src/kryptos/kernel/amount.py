"""Amount: an exact decimal for every quantity, price and value; a float near one is an error, never a rounding."""

from collections.abc import Callable
from decimal import (
    ROUND_HALF_EVEN,
    Clamped,
    Context,
    Decimal,
    DivisionByZero,
    FloatOperation,
    Inexact,
    InvalidOperation,
    Overflow,
)
from functools import total_ordering

PRECISION_DIGITS = 120
"""Enough for 2**256 - 1 (78 digits) times a price with 18 decimals, exactly."""

_TRAPS = [InvalidOperation, DivisionByZero, Overflow, FloatOperation, Clamped]
_EXACT = Context(prec=PRECISION_DIGITS, traps=[*_TRAPS, Inexact])
_QUOTIENT = Context(prec=PRECISION_DIGITS, rounding=ROUND_HALF_EVEN, traps=_TRAPS)


@total_ordering
class Amount:
    """An immutable exact decimal of up to 120 significant digits.

    Made from ``int``, ``str`` or ``Decimal``; anything else raises ``TypeError``, and NaN, infinities and non-numbers
    raise ``ValueError``. Sums, differences and products are exact or raise ``OverflowError``; a quotient is rounded
    half to even at 120 digits.
    """

    __slots__ = ("_value",)
    _value: Decimal

    def __init__(self, value: int | str | Decimal) -> None:
        if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
            message = f"an amount is made from int, str or Decimal, not from {type(value).__name__}"
            raise TypeError(message)
        try:
            number = Decimal(value)
        except InvalidOperation as error:
            message = f"not a decimal number: {value!r}"
            raise ValueError(message) from error
        if not number.is_finite():
            message = f"an amount is finite, not {number}"
            raise ValueError(message)
        if len(number.as_tuple().digits) > PRECISION_DIGITS:
            message = f"an amount has at most {PRECISION_DIGITS} significant digits"
            raise ValueError(message)
        object.__setattr__(self, "_value", number)

    def __setattr__(self, name: str, value: object) -> None:
        message = f"an Amount cannot change ({name})"
        raise AttributeError(message)

    @property
    def decimal(self) -> Decimal:
        """The value as a ``Decimal``, for the database and the wire."""
        return self._value

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(_exactly(_EXACT.add, self, other))

    def __sub__(self, other: "Amount") -> "Amount":
        return Amount(_exactly(_EXACT.subtract, self, other))

    def __mul__(self, other: "Amount") -> "Amount":
        return Amount(_exactly(_EXACT.multiply, self, other))

    def __truediv__(self, other: "Amount") -> "Amount":
        return Amount(_QUOTIENT.divide(self._value, other.decimal))

    def __neg__(self) -> "Amount":
        return Amount(self._value.copy_negate())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Amount) and self._value == other.decimal

    def __lt__(self, other: "Amount") -> bool:
        return self._value < other.decimal

    def __hash__(self) -> int:
        return hash(self._value)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return f"Amount('{self}')"

    def __str__(self) -> str:
        """Return plain decimal digits: never an exponent, no trailing zeros after the point."""
        digits = f"{self._value:f}"
        if "." in digits:
            digits = digits.rstrip("0").rstrip(".")
        return "0" if digits == "-0" else digits


def _exactly(operation: Callable[[Decimal, Decimal], Decimal], left: Amount, right: Amount) -> Decimal:
    try:
        return operation(left.decimal, right.decimal)
    except Inexact as error:
        message = f"the exact result needs more than {PRECISION_DIGITS} significant digits"
        raise OverflowError(message) from error

"""Amount: an exact decimal for every quantity, price and value; a float near one is an error, never a rounding."""

import re
from collections.abc import Callable
from decimal import (
    ROUND_HALF_EVEN,
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
LARGEST_EXPONENT = 300
"""No amount is larger than 10**300 or has more than 300 decimals: its plain digits stay short whatever came in."""

_TRAPS = [InvalidOperation, DivisionByZero, Overflow, FloatOperation]
_EXACT = Context(prec=PRECISION_DIGITS, traps=[*_TRAPS, Inexact])
_QUOTIENT = Context(prec=PRECISION_DIGITS, rounding=ROUND_HALF_EVEN, traps=_TRAPS)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")


@total_ordering
class Amount:
    """An immutable exact decimal of up to 120 significant digits.

    Made from ``int``, ``str`` or ``Decimal``; anything else raises ``TypeError``; NaN, infinities, texts that are no
    plain number and numbers out of bounds raise ``ValueError``. Sums, differences and products are exact or raise
    ``OverflowError``; a quotient is rounded half to even at 120 digits, or raises ``ZeroDivisionError``.
    """

    __slots__ = ("_value",)
    _value: Decimal

    def __init__(self, value: int | str | Decimal) -> None:
        if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
            message = f"an amount is made from int, str or Decimal, not from {type(value).__name__}"
            raise TypeError(message)
        if isinstance(value, str) and not _NUMBER.fullmatch(value):
            message = f"not a decimal number: {value[:PRECISION_DIGITS]!r}"
            raise ValueError(message)
        number = Decimal(value)
        if not number.is_finite():
            message = f"an amount is finite, not {number}"
            raise ValueError(message)
        object.__setattr__(self, "_value", _bounded(number))

    def __setattr__(self, name: str, value: object) -> None:
        message = f"an Amount cannot change ({name})"
        raise AttributeError(message)

    @property
    def decimal(self) -> Decimal:
        """The value as a ``Decimal``, for the database and the wire."""
        return self._value

    def __add__(self, other: "Amount") -> "Amount":
        return _computed(_EXACT.add, self, other)

    def __sub__(self, other: "Amount") -> "Amount":
        return _computed(_EXACT.subtract, self, other)

    def __mul__(self, other: "Amount") -> "Amount":
        return _computed(_EXACT.multiply, self, other)

    def __truediv__(self, other: "Amount") -> "Amount":
        if other == Amount(0):
            message = "an amount was divided by zero"
            raise ZeroDivisionError(message)
        return _computed(_QUOTIENT.divide, self, other)

    def __neg__(self) -> "Amount":
        return Amount(self._value.copy_negate())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Amount) and self._value == other.decimal

    def __lt__(self, other: "Amount") -> bool:
        if not isinstance(other, Amount):
            return NotImplemented
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


def _bounded(number: Decimal) -> Decimal:
    """Return the number if it is within bounds; zero in its plain form, whatever its exponent was."""
    if not number:
        return Decimal(0)
    _, digits, exponent = number.as_tuple()
    if len(digits) > PRECISION_DIGITS:
        message = f"an amount has at most {PRECISION_DIGITS} significant digits"
        raise ValueError(message)
    if not isinstance(exponent, int) or not -LARGEST_EXPONENT <= exponent <= LARGEST_EXPONENT - len(digits):
        message = f"an amount is below 10**{LARGEST_EXPONENT} and has at most {LARGEST_EXPONENT} decimals"
        raise ValueError(message)
    return number


def _computed(operation: Callable[[Decimal, Decimal], Decimal], left: Amount, right: Amount) -> Amount:
    if not isinstance(right, Amount):
        return NotImplemented
    try:
        return Amount(operation(left.decimal, right.decimal))
    except (Inexact, Overflow, ValueError) as error:
        message = f"the result needs more than {PRECISION_DIGITS} significant digits or is out of bounds"
        raise OverflowError(message) from error

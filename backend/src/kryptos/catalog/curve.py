"""The curve secp256k1, on points that everybody may know: nothing here is secret, so nothing takes constant time.

Source: SEC 2, section 2.4.1 (the numbers), SEC 1, sections 2.2.1 and 2.3.4 (the sum, and points from x alone).
"""

Point = tuple[int, int]

FIELD = 2**256 - 2**32 - 977
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
GENERATOR: Point = (
    0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
    0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
)


def point_at(x: int, *, is_odd: bool) -> Point | None:
    """Return the point with this x and a y that is odd or even; None where the curve has none."""
    square = (pow(x, 3, FIELD) + 7) % FIELD
    y = pow(square, (FIELD + 1) // 4, FIELD)
    if not 0 <= x < FIELD or y * y % FIELD != square:
        return None
    return x, y if y % 2 == is_odd else FIELD - y


def sum_of(one: Point | None, other: Point | None) -> Point | None:
    """Return the sum of two points; None is the point at infinity."""
    if one is None or other is None:
        return one or other
    (x, y), (u, v) = one, other
    if x == u and (y + v) % FIELD == 0:
        return None
    slope = 3 * x * x * pow(2 * y, -1, FIELD) if one == other else (v - y) * pow(u - x, -1, FIELD)
    across = (slope * slope - x - u) % FIELD
    return across, (slope * (x - across) - y) % FIELD


def times(factor: int, point: Point) -> Point | None:
    """Return the multiple of a point, in some five milliseconds."""
    total: Point | None = None
    power: Point | None = point
    while factor:
        if factor & 1:
            total = sum_of(total, power)
        power = sum_of(power, power)
        factor >>= 1
    return total

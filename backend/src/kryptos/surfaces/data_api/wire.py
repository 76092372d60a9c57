"""Wire forms that several endpoints of the Data API use."""

from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

Flag = Literal["true", "false"]
"""A boolean of a query string, by the documented words."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def is_set(flag: Flag | msgspec.UnsetType) -> bool:
    """Whether a flag was given as true."""
    return flag == "true"


def milliseconds(at: datetime) -> int:
    """Return an instant as Unix milliseconds (contract K-013)."""
    return (at - _EPOCH) // _MILLISECOND


def instant_of(unix_milliseconds: int) -> datetime:
    """Return the instant of Unix milliseconds."""
    return _EPOCH + unix_milliseconds * _MILLISECOND

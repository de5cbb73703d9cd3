"""Checks of the values that a script passes."""

from __future__ import annotations

import operator
from ._errors import UsageError
from ._limits import MAX_STEP
from ._notices import caller

# The typing module costs half of this package's import time; type checkers know this name.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import SupportsIndex


def whole_number(value: SupportsIndex, call: str, least: int, most: int, meaning: str) -> int:
    """``value`` as an int; numpy and torch integers are taken too, booleans and floats are not."""
    try:
        if not isinstance(value, bool):
            number = operator.index(value)
            if least <= number <= most:
                return number
    except TypeError:
        # The sentence below says what was passed and what is wanted.
        pass
    raise UsageError(
        f"{call} at {caller()}: expected {meaning}, an int from {least} to {most}, "
        f"but got {_shown(value)} of type {type(value).__name__}"
    )


def step_number(value: SupportsIndex, call: str) -> int:
    """A step: how many steps of the job are finished, over all its attempts."""
    return whole_number(value, call, 0, MAX_STEP, "the number of finished steps of the whole job")


def _shown(value: object) -> str:
    # Only of these is repr known to be cheap and to raise nothing.
    if value is not None and not isinstance(value, (bool, int, float, str)):
        return "a value"
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."

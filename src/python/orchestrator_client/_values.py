"""Checks of the values that a script passes."""

from __future__ import annotations

import operator

from ._client import current
from ._errors import UsageError
from ._limits import MAX_RANKS, MAX_STEP
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


def ranks_that_save(ranks: SupportsIndex | None, call: str) -> int:
    """How many ranks write a part of a checkpoint: all, unless the script says otherwise."""
    job = current().job
    world_size = job.world_size if job is not None else 1
    if ranks is None:
        return world_size
    # A run by hand may have fewer ranks than the script was written for.
    most = world_size if job is not None else MAX_RANKS
    return whole_number(ranks, call, 1, most, "how many ranks save")


def _shown(value: object) -> str:
    # Only of these is repr known to be cheap and to raise nothing.
    if value is not None and not isinstance(value, (bool, int, float, str)):
        return "a value"
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."

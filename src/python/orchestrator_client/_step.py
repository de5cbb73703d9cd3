"""The beat of the training loop."""

from __future__ import annotations

from time import monotonic

from ._client import current, progress
from ._errors import UsageError
from ._limits import MAX_STEP
from ._notices import caller, notice_once
from ._values import step_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import SupportsIndex


def step(n: SupportsIndex) -> None:
    """Says that step ``n`` of the job was finished.

    ``n`` counts the finished steps of the whole job from 1, over all its attempts, and rises: after a resume from
    step 40 the first call is ``step(41)``. ``step(0)`` means that none is finished yet. Call it on every rank.
    It costs well under a microsecond, takes no lock and waits for nothing.

    Raises UsageError for a value that is no whole number from 0 up, but only on the first call of the process:
    there the mistake is found and no work is lost. Later, a wrong value is told once on stderr and ignored,
    because a progress report is not worth a training run. A step that does not rise counts as a sign of life.
    """
    last = progress.beat[0]
    if type(n) is int and 0 < last < n <= MAX_STEP:
        progress.beat = (n, monotonic())
    else:
        _take(n, last)


def _take(n: SupportsIndex, last: int) -> None:
    """The first step, and everything unusual."""
    try:
        number = step_number(n, "step()")
    except UsageError as error:
        if not progress.started:
            raise
        notice_once("step", f"{error}; such a call is ignored")
        return
    reporter = current().reporter
    if number < last:
        notice_once(
            "step-back",
            f"step({number}) at {caller()} comes after step({last}): count the steps of the whole job, "
            "or its progress is not seen",
        )
    if progress.finish(number) and reporter is not None:
        reporter.wake()

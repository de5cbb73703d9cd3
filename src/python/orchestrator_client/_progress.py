"""What the script has done so far: written by the training loop, read by the reporter, without a lock."""

from __future__ import annotations

from time import monotonic


class Progress:
    """Newest step, first step and phase of this process.

    ``beat`` is one tuple, so that the reporter never sees a step with another step's time.
    """

    __slots__ = ("beat", "first", "phase", "started")

    def __init__(self) -> None:
        # Highest finished step, and the monotonic time in seconds of the newest call; step 0 is "none yet".
        self.beat: tuple[int, float] = (0, 0.0)
        # The first step that this process finished, with its time.
        self.first: tuple[int, float] = (0, 0.0)
        self.phase = ""
        # Whether the script has passed a valid step before.
        self.started = False

    def finish(self, step: int) -> bool:
        """Notes a finished step off the fast path; True when it is the first of this process."""
        self.started = True
        now = monotonic()
        if step > 0 and self.first[0] == 0:
            self.first = self.beat = (step, now)
            return True
        if self.beat[0] > 0:
            # A step that does not rise is still a sign of life: only the number stays.
            self.beat = (max(step, self.beat[0]), now)
        return False


def age_milliseconds(since: float) -> int:
    """Whole milliseconds from a monotonic time in seconds until now."""
    return max(0, round((monotonic() - since) * 1000))

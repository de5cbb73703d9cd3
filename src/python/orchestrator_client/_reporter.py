"""The background thread that tells the agent how far the script is, and hears when to save and whether to stop."""

from __future__ import annotations

import threading
from time import monotonic

from ._limits import (
    AWAY_INTERVAL_SECONDS,
    AWAY_NOTICE_SECONDS,
    DEFAULT_INTERVAL_SECONDS,
    EXIT_FLUSH_SECONDS,
    EXIT_IMPORT_SECONDS,
    FIRST_REPORT_SECONDS,
    LONGEST_INTERVAL_SECONDS,
    REPORT_SECONDS,
    SHORTEST_INTERVAL_SECONDS,
)
from ._notices import notice_once
from ._progress import age_milliseconds
from ._save_plan import SavePlan
from ._unanswered import Unanswered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._connection import Connection
    from ._fork import ForkGate
    from ._progress import Progress


class Reporter:
    """Reports the first step at once, then at the interval that the agent asks for, and the last one at the exit."""

    def __init__(
        self, connection: Connection, progress: Progress, gate: ForkGate, save_plan: SavePlan | None = None
    ) -> None:
        self.should_stop = False
        # One object, so that the training loop never sees a part of another plan.
        self.save_plan = save_plan
        self._connection = connection
        self._progress = progress
        self._gate = gate
        self._wake = threading.Event()
        self._ended = threading.Event()
        self._ending = False
        self._answered_at = monotonic()

    def start(self) -> None:
        """Starts the thread; it never keeps the process alive."""
        threading.Thread(target=self._run, name="orchestrator-report", daemon=True).start()

    def wake(self) -> None:
        """Reports now instead of at the end of the interval."""
        self._wake.set()

    def finish(self) -> None:
        """Reports a last time and ends the thread, within the bounds of a clean exit."""
        self._ending = True
        self._wake.set()
        if self._ended.wait(EXIT_FLUSH_SECONDS / 2):
            return
        # The agent hangs, or grpc is still being imported: with the channel closed the call under way ends, so that
        # no thread is inside gRPC at the very end.
        self._connection.close(EXIT_IMPORT_SECONDS)
        self._ended.wait(EXIT_FLUSH_SECONDS / 2)

    def _run(self) -> None:
        try:
            self._wake.wait(FIRST_REPORT_SECONDS)
            # A process that is over by now and finished no step has nothing to tell.
            if not self._ending or self._progress.beat[0] > 0:
                self._report_until_the_end()
            self._connection.close(EXIT_IMPORT_SECONDS)
        finally:
            self._ended.set()

    def _report_until_the_end(self) -> None:
        while True:
            # Cleared before the progress is read: a first step in between causes one report too many, not one
            # too few.
            self._wake.clear()
            ending = self._ending
            interval = self._report(EXIT_FLUSH_SECONDS / 2 if ending else REPORT_SECONDS)
            if ending:
                return
            self._wake.wait(interval)

    def _report(self, seconds: float) -> float:
        """Sends one report; returns the seconds until the next one."""
        try:
            with self._gate.reporting:
                reply = self._connection.call("Report", seconds, **self._fields())
        except Unanswered as failure:
            self._tell(failure)
            return AWAY_INTERVAL_SECONDS if failure.away else DEFAULT_INTERVAL_SECONDS
        except Exception as error:
            # The thread is the rank's only sign of life: nothing unforeseen may end it.
            notice_once("report", f"a report to the agent failed, the next one follows: {error!r}")
            return DEFAULT_INTERVAL_SECONDS
        self._answered_at = monotonic()
        if reply.should_stop:
            self.should_stop = True
        # An agent that has heard of none takes none back.
        if reply.save_every_steps:
            self.save_plan = SavePlan(
                reply.save_every_steps, reply.save_from_step, reply.save_previous_every_steps
            )
        interval = reply.next_interval_ms / 1000 or DEFAULT_INTERVAL_SECONDS
        return min(max(interval, SHORTEST_INTERVAL_SECONDS), LONGEST_INTERVAL_SECONDS)

    def _fields(self) -> dict[str, object]:
        progress = self._progress
        # The first step is read before the newest, so that the newest is never the lower one.
        (first, first_at), (step, step_at) = progress.first, progress.beat
        return {
            "step": step,
            "step_age_ms": age_milliseconds(step_at) if step else 0,
            "first_step": first,
            "first_step_age_ms": age_milliseconds(first_at) if first else 0,
            "phase": progress.phase,
        }

    def _tell(self, failure: Unanswered) -> None:
        if not failure.away:
            notice_once(
                f"report-{failure.code}", f"the agent refuses this rank's reports ({failure.code}): {failure}"
            )
        elif monotonic() - self._answered_at > AWAY_NOTICE_SECONDS:
            notice_once(
                "away", f"the agent does not answer ({failure}); training goes on, reports resume when it is back"
            )

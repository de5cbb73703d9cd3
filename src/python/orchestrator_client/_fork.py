"""Keeps forks and gRPC apart.

Threads do not survive a fork, but the locks that they hold do, and so do the sockets. gRPC starts its own threads
again in every forked child (a data loading worker), and there they write to the numbers that its sockets had: into
whatever was opened under them since. So a fork finds the reporter at rest and no connection at all.
"""

from __future__ import annotations

import os
import threading

from ._limits import FORK_IMPORT_SECONDS, FORK_REPORT_SECONDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class ForkGate:
    """Two locks that a fork waits for, with bounds, and the connection's end, before it happens."""

    def __init__(self) -> None:
        self._reset()

    def _reset(self) -> None:
        # Held while grpc is imported: a child forked under an import inherits locked modules, and hangs on them.
        self.importing = threading.Lock()
        # Held while the reporter is in a call.
        self.reporting = threading.Lock()
        self._held = threading.local()

    def install(self, before: Callable[[], None], in_child: Callable[[], None]) -> None:
        """Registers the gate for the life of the process.

        ``before`` ends the connection before every fork; ``in_child`` runs first in every forked child.
        """

        def after_in_child() -> None:
            self._reset()
            in_child()

        os.register_at_fork(
            before=lambda: self._before(before), after_in_parent=self._after_in_parent, after_in_child=after_in_child
        )

    def _before(self, end_connection: Callable[[], None]) -> None:
        # A lock that does not come free in time is not worth a fork that never happens.
        self._held.locks = []
        self._hold(self.importing, FORK_IMPORT_SECONDS)
        at_rest = self._hold(self.reporting, FORK_REPORT_SECONDS)
        end_connection()
        if not at_rest:
            # The report that was under way has just lost its connection.
            self._hold(self.reporting, FORK_REPORT_SECONDS)

    def _hold(self, lock: threading.Lock, seconds: float) -> bool:
        held = lock.acquire(timeout=seconds)
        if held:
            self._held.locks.append(lock)
        return held

    def _after_in_parent(self) -> None:
        for lock in self._held.locks:
            lock.release()

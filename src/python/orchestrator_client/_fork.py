"""Keeps forks and gRPC apart.

Threads do not survive a fork, but the locks that they hold do, and so do the sockets. A forked child (a data
loading worker) must therefore never touch the parent's channel, and a fork should find the reporter at rest.
"""

from __future__ import annotations

import os
import threading

from ._limits import FORK_IMPORT_SECONDS, FORK_REPORT_SECONDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class ForkGate:
    """Two locks that a fork waits for, with bounds, before it happens."""

    def __init__(self) -> None:
        self._reset()

    def _reset(self) -> None:
        # Held while grpc is imported: a child forked under an import inherits locked modules, and hangs on them.
        self.importing = threading.Lock()
        # Held while the reporter is in a call.
        self.reporting = threading.Lock()
        self._held = threading.local()

    def install(self, in_child: Callable[[], None]) -> None:
        """Registers the gate for the life of the process; ``in_child`` runs first in every forked child."""

        def after_in_child() -> None:
            self._reset()
            in_child()

        os.register_at_fork(before=self._before, after_in_parent=self._after_in_parent, after_in_child=after_in_child)

    def _before(self) -> None:
        limits = ((self.importing, FORK_IMPORT_SECONDS), (self.reporting, FORK_REPORT_SECONDS))
        # A lock that does not come free in time is not worth a fork that never happens.
        self._held.locks = [lock for lock, seconds in limits if lock.acquire(timeout=seconds)]

    def _after_in_parent(self) -> None:
        for lock in self._held.locks:
            lock.release()

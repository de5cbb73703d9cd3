"""The connection to the agent of this host, opened by the first call."""

from __future__ import annotations

import threading
from time import monotonic

from ._limits import RETRY_PAUSE_SECONDS
from ._unanswered import Unanswered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._fork import ForkGate
    from ._job import Job
    from ._wire import Wire


class Connection:
    """Calls to the agent, from the reporter's thread and from the script's own."""

    def __init__(self, job: Job, gate: ForkGate) -> None:
        self._job = job
        self._gate = gate
        self._wire: Wire | None = None
        self._closed = False
        self._pause = threading.Event()

    def call(self, name: str, seconds: float, **fields: Any) -> Any:
        """The reply to one call within ``seconds``; raises Unanswered."""
        wire = self._wire or self._open()
        try:
            return wire.call(name, seconds, fields)
        except Unanswered:
            raise
        except Exception as error:
            # What gRPC raises beyond its own errors is not the training's concern either.
            raise Unanswered("client_error", f"{type(error).__name__}: {error}", False) from error

    def call_patiently(self, name: str, seconds: float, away_seconds: float, **fields: Any) -> Any:
        """As ``call``, but tried again until the agent has been away for ``away_seconds``."""
        away_since: float | None = None
        while True:
            started = monotonic()
            try:
                return self.call(name, seconds, **fields)
            except Unanswered as failure:
                if not failure.away:
                    raise
                # A call that broke off counts from its end: the agent was there until then.
                if away_since is None:
                    away_since = started if failure.code == "deadline_exceeded" else monotonic()
                if monotonic() - away_since >= away_seconds:
                    raise
                self._pause.wait(RETRY_PAUSE_SECONDS)

    def close(self, import_seconds: float) -> None:
        """Ends the calls under way; later ones fail at once. Waits for an import of grpc under way, within bounds."""
        self._closed = True
        if self._gate.importing.acquire(timeout=import_seconds):
            self._gate.importing.release()
        if self._wire is not None:
            self._wire.close()

    def rest(self) -> None:
        """Ends the connection; the next call opens another. Calls under way end as if the agent were away."""
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()

    def _open(self) -> Wire:
        with self._gate.importing:
            if self._closed:
                raise Unanswered("closed", "the process is ending", True)
            if self._wire is None:
                try:
                    from ._wire import Wire

                    self._wire = Wire(self._job)
                except Exception as error:
                    # Whatever a broken installation of grpc or protobuf raises must not end the training.
                    raise Unanswered("no_grpc", f"grpc or protobuf cannot be used: {error!r}", False) from error
            return self._wire

"""The one client of a process: made by the first call, gone inert in forked children."""

from __future__ import annotations

import atexit
import os
import threading

from ._connection import Connection
from ._fork import ForkGate
from ._job import Job, claim_reporting, read_job
from ._notices import notice_once
from ._progress import Progress
from ._reporter import Reporter
from ._save_plan import read_plan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._resume import Resume

# Written by step() whether or not there is a job: the loop needs no branch for it.
progress = Progress()


class Client:
    """What this process knows and has open."""

    def __init__(self, job: Job | None, connection: Connection | None, reporter: Reporter | None) -> None:
        # None outside of a job.
        self.job = job
        # None outside of a job, and in a process that the rank's own process started.
        self.connection = connection
        self.reporter = reporter
        # What the reporter had heard when this process was forked.
        self.stop_asked = False
        # The answer of resume(), in a tuple because None is one.
        self.resumed: tuple[Resume | None] | None = None

    def forked(self) -> None:
        """Goes inert in a forked child: no report, no call; what was known stays known."""
        if self.reporter is not None:
            self.stop_asked = self.reporter.should_stop
        self.connection = None
        self.reporter = None


_client: Client | None = None
_making = threading.Lock()


def current() -> Client:
    """The client of this process, made when there is none yet."""
    client = _client
    return client if client is not None else _make()


def stopping() -> bool:
    """Whether the job was asked to end, as far as the agent's newest reply said."""
    client = _client
    if client is None:
        client = _make()
    reporter = client.reporter
    return client.stop_asked if reporter is None else reporter.should_stop


def _make() -> Client:
    global _client
    with _making:
        if _client is None:
            _client = _made_for(read_job(os.environ))
        return _client


def _made_for(job: Job | None) -> Client:
    if job is None:
        # One line is enough for all the ranks that a launcher starts by hand.
        if os.environ.get("RANK", "0") == "0":
            notice_once("outside", "this is no Orchestrator job; its calls do nothing here")
        return Client(None, None, None)
    if not claim_reporting():
        return Client(job, None, None)
    gate = ForkGate()
    connection = Connection(job, gate)
    reporter = Reporter(connection, progress, gate, read_plan(os.environ))
    client = Client(job, connection, reporter)
    gate.install(before=connection.rest, in_child=client.forked)
    reporter.start()
    atexit.register(_finish, client)
    return client


def _finish(client: Client) -> None:
    if client.reporter is not None:
        client.reporter.finish()

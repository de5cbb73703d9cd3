"""Which rank of which job this process is, as the agent wrote it into the environment."""

from __future__ import annotations

import os
import sys

from ._errors import UsageError
from ._limits import MAX_RANKS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

SOCKET_VARIABLE = "ORCHESTRATOR_AGENT_SOCKET"
JOB_VARIABLE = "ORCHESTRATOR_JOB_ID"
ATTEMPT_VARIABLE = "ORCHESTRATOR_ATTEMPT"
RANK_VARIABLE = "RANK"
WORLD_SIZE_VARIABLE = "WORLD_SIZE"

# Set by the process that reports for the rank, for the processes that it starts.
OWNER_VARIABLE = "ORCHESTRATOR_CLIENT_PID"


class Job:
    """The rank that this process is.

    ``job_id``, ``attempt`` (the n-th launch of the job's ranks, from 1), ``rank``, and ``world_size``: how many
    ranks the job has, 1 where the environment does not say.
    """

    __slots__ = ("agent_socket", "attempt", "job_id", "rank", "world_size")

    def __init__(self, job_id: str, attempt: int, rank: int, world_size: int, agent_socket: str) -> None:
        self.job_id = job_id
        self.attempt = attempt
        self.rank = rank
        self.world_size = world_size
        self.agent_socket = agent_socket

    def __repr__(self) -> str:
        return f"Job(job_id={self.job_id!r}, attempt={self.attempt}, rank={self.rank}, world_size={self.world_size})"


def read_job(environment: Mapping[str, str]) -> Job | None:
    """The job of this process; None outside of one.

    Raises UsageError where the environment is half of one: a rank that took itself for a run by hand would
    start from nothing.
    """
    socket = environment.get(SOCKET_VARIABLE, "")
    job_id = environment.get(JOB_VARIABLE, "")
    if not socket and not job_id:
        return None
    for name, value in ((SOCKET_VARIABLE, socket), (JOB_VARIABLE, job_id)):
        if not value:
            raise UsageError(f"{name} is not set, though this process has other variables of a job; {_ADVICE}")
    return Job(
        job_id,
        _number(environment, ATTEMPT_VARIABLE, None),
        _number(environment, RANK_VARIABLE, None),
        _number(environment, WORLD_SIZE_VARIABLE, 1),
        socket,
    )


def claim_reporting() -> bool:
    """Whether this process reports for its rank: the first one that asks does, the ones it starts do not.

    Data loading workers, whether forked or spawned, and tools that the script runs inherit the environment of
    the rank; were they to report too, the agent would see the rank's steps jump back and forth. Workers that were
    there before the first call find no claim, and are known by being daemons: nobody trains in one, since it
    may have no children.
    """
    # Not imported here: a process of its making has it already.
    multiprocessing = sys.modules.get("multiprocessing.process")
    if multiprocessing is not None and multiprocessing.current_process().daemon:
        return False
    own = str(os.getpid())
    return os.environ.setdefault(OWNER_VARIABLE, own) == own


def _number(environment: Mapping[str, str], name: str, default: int | None) -> int:
    text = environment.get(name, "")
    if not text and default is not None:
        return default
    if not (text.isascii() and text.isdigit()) or int(text) > MAX_RANKS:
        raise UsageError(f"{name} is {text!r}, but a whole number up to {MAX_RANKS} is needed; {_ADVICE}")
    return int(text)


_ADVICE = (
    f"the agent sets {SOCKET_VARIABLE}, {JOB_VARIABLE}, {ATTEMPT_VARIABLE} and {RANK_VARIABLE} together, "
    "so keep them all, or unset the first two to run by hand"
)

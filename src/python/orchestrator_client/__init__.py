"""The training script's side of Orchestrator.

A script tells the agent of its host how far it is, writes its checkpoints where the agent stores them, and learns
where to resume from. Outside of an Orchestrator job every call does nothing, so the same script runs by hand.

No call raises because the agent is away, with one exception: ``resume()``, before anything was trained, where the
only other way would be to start over in silence. Wrong use raises UsageError.
"""

from __future__ import annotations

from ._checkpoint import Checkpoint
from ._client import current, stopping
from ._errors import OrchestratorError, ResumeUnavailableError, StateUnreadableError, UsageError
from ._find_resume import find_resume
from ._job import Job
from ._phase import Phase
from ._resume import Resume
from ._should_save import should_save
from ._saved import Saved
from ._step import step

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from typing import Any, SupportsIndex

__all__ = [
    "Checkpoint",
    "Job",
    "OrchestratorError",
    "Phase",
    "Resume",
    "ResumeUnavailableError",
    "Saved",
    "StateUnreadableError",
    "UsageError",
    "checkpoint",
    "init",
    "load",
    "phase",
    "resume",
    "should_save",
    "save",
    "should_stop",
    "step",
]

__version__ = "0.1.0"


def init() -> Job | None:
    """Starts to report to the agent; returns the rank that this process is, or None outside of an Orchestrator job.

    Every other call does it where it has not been done; an early ``init()`` shows the phases before the first step
    where that takes longer than 3 s.
    Calling it again changes nothing. It returns before the agent has answered, whether or not one is there.

    Of all the processes of a rank only the first one that gets here reports. Processes that it forks or starts,
    such as data loading workers, are inert: their calls do nothing. So is every daemon of multiprocessing.

    Raises UsageError where the environment of the job is incomplete.
    """
    return current().job


def phase(name: str) -> Phase:
    """Names what the script is doing, such as "load" or "eval", for the length of a ``with`` block.

    Blocks nest; the inner name is shown. Names longer than 64 characters are cut. Raises UsageError for no name.
    """
    return Phase(name)


def checkpoint(step: SupportsIndex, ranks: SupportsIndex | None = None) -> Checkpoint:
    """This rank's part of the checkpoint of ``step``, as a folder to write into; use it in a ``with`` statement.

    ``step`` is how many steps of the whole job are finished. ``ranks`` is how many ranks save a part of this
    checkpoint, by default all of them; a script in which only rank 0 saves passes 1. The checkpoint counts when
    all parts are stored.

    When the block ends cleanly, the agent syncs, reads back and hashes the folder, which takes as long as the disk
    takes, and ``stored`` tells whether it did. When it ends with an exception, nothing is stored. When the agent
    is away for more than 5 s or refuses, the folder is a private temporary one that is removed after the block,
    ``refusal_code`` and ``refusal`` say why, stderr says it once, and nothing is raised.

    Raises UsageError for a step or a number of ranks that cannot be right.
    """
    return Checkpoint(step, ranks)


def save(step: SupportsIndex, state: object, ranks: SupportsIndex | None = None) -> Saved:
    """Saves this rank's part of the checkpoint of ``step``: a state dict, or whatever else pickle takes.

    ``step`` and ``ranks`` are those of ``checkpoint()``. Tensors are copied into memory that the agent keeps, those of
    a GPU to the host; the rank waits for that copy only. The agent hashes, replicates and uploads while training goes
    on, so ``stored`` means that it has taken the state over. A clean exit waits until the last one is hashed. Where the
    job keeps no checkpoints in memory, the state becomes a file of the store, and the rank waits for the disk.

    When the agent is away for more than 5 s or refuses, ``refusal_code`` and ``refusal`` say why, stderr says it once,
    and nothing is raised; outside of a job it does nothing.

    Raises UsageError for a step or a number of ranks that cannot be right, and for a state that cannot be pickled.
    """
    from ._save import save_state

    return save_state(step, state, ranks)


def load(source: Resume | str | os.PathLike[str]) -> Any:
    """The state that ``save()`` wrote, with its tensors on the CPU; ``source`` is what ``resume()`` gave, or a path.

    It is unpickled: load only what a script of yours has saved. Raises StateUnreadableError where there is none, or not
    a whole one.
    """
    from ._load import load_state

    return load_state(source)


def resume() -> Resume | None:
    """The checkpoint that this attempt goes on from; None when it starts from nothing.

    The agent is asked, for up to 10 s while it is away, unless the environment of the launch says "from nothing".
    It reads this rank's shard against its hashes before it answers, which takes as long as the disk takes. When it is
    away for longer, when the shard is damaged or when the answers contradict each other, this raises
    ResumeUnavailableError: a script must not take "unknown" for "from nothing", nothing is trained yet, and a rank
    that exits here is launched again.
    """
    return find_resume()


def should_stop() -> bool:
    """Whether the job was asked to save and end; a local read that costs nothing, and never goes back to False.

    The ranks hear it within one report of each other, not at the same step: ranks that train in step with each
    other must agree, for example by the maximum over all ranks, before they leave the loop.
    """
    return stopping()

"""Finds where the attempt resumes from: in the environment of the launch, or by asking the agent."""

from __future__ import annotations

import os

from ._client import current
from ._errors import ResumeUnavailableError
from ._limits import RESUME_AWAY_SECONDS, RESUME_SECONDS
from ._resume import Resume
from ._unanswered import Unanswered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ._client import Client

# Set at launch: the step, and a JSON object of rank to absolute path of that rank's shard. Paths of {} say "from
# nothing". A step alone says "ask me for the paths", which is what the agent sets: before it answers, it reads the
# shard against its hashes once more.
STEP_VARIABLE = "ORCHESTRATOR_RESUME_STEP"
PATHS_VARIABLE = "ORCHESTRATOR_RESUME_PATHS"


def find_resume() -> Resume | None:
    """The checkpoint of this attempt; asked for once, and the same for the life of the process."""
    client = current()
    if client.job is None:
        return None
    if client.resumed is None:
        client.resumed = (_found(client),)
    return client.resumed[0]


def _found(client: Client) -> Resume | None:
    assert client.job is not None
    step = _step_of(os.environ)
    shards = _shards_of(os.environ)
    if shards == {} and step is None:
        return None
    if shards and step is not None:
        return _resume_at(step, shards, client.job.rank)
    if shards is not None:
        raise ResumeUnavailableError(
            f"{STEP_VARIABLE} and {PATHS_VARIABLE} contradict each other: {step} and {shards}; launch the job again"
        )
    return _asked(client, step)


def _asked(client: Client, known_step: int | None) -> Resume | None:
    if client.connection is None:
        raise ResumeUnavailableError(
            "resume() was called first in a process that the rank's own process started, which has no connection "
            "to the agent; call it in the rank's own process, before it forks"
        )
    try:
        reply = client.connection.call_patiently("Resume", RESUME_SECONDS, RESUME_AWAY_SECONDS)
    except Unanswered as failure:
        if not failure.away:
            raise ResumeUnavailableError(
                f"the agent does not let this rank resume ({failure.code}: {failure})"
            ) from failure
        raise ResumeUnavailableError(
            f"the agent did not say within {RESUME_AWAY_SECONDS:.0f} s where to resume from "
            f"({failure.code}: {failure}); nothing was trained, so let this rank exit and be launched again"
        ) from failure
    found = int(reply.step) if reply.has_checkpoint else None
    if known_step is not None and found != known_step:
        raise ResumeUnavailableError(
            f"{STEP_VARIABLE} says step {known_step}, but the agent says {found}; launch the job again"
        )
    if found is None:
        return None
    from pathlib import Path

    return Resume(found, Path(reply.path), {int(rank): Path(path) for rank, path in reply.shard_paths.items()})


def _resume_at(step: int, shards: dict[int, Path], rank: int) -> Resume:
    return Resume(step, shards.get(rank, shards[min(shards)]), shards)


def _step_of(environment: Mapping[str, str]) -> int | None:
    text = environment.get(STEP_VARIABLE, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise ResumeUnavailableError(f"{STEP_VARIABLE} is {text!r}, but a whole number is needed; launch the job again")
    return int(text)


def _shards_of(environment: Mapping[str, str]) -> dict[int, Path] | None:
    text = environment.get(PATHS_VARIABLE, "")
    if not text:
        return None
    import json
    from pathlib import Path

    try:
        shards = {int(rank): Path(path) for rank, path in json.loads(text).items()}
    except (AttributeError, TypeError, ValueError) as error:
        raise ResumeUnavailableError(
            f"{PATHS_VARIABLE} is no JSON object of rank to path ({error}): {text[:80]!r}; launch the job again"
        ) from error
    for rank, path in shards.items():
        if rank < 0 or not path.is_absolute():
            raise ResumeUnavailableError(
                f"{PATHS_VARIABLE} gives rank {rank} the path {str(path)!r}, but an absolute one is needed"
            )
    return shards

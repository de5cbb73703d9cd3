"""Saving a state into memory that the agent keeps: the rank waits for a copy, and for nothing else."""

from __future__ import annotations

import atexit
import os
import threading

from ._buffers import Buffers
from ._client import current
from ._errors import UsageError
from ._limits import CHECKPOINT_AWAY_SECONDS, COMMIT_SECONDS, SAVE_BEGIN_SECONDS
from ._notices import caller, notice_unstored
from ._phase import Phase
from ._saved import Saved
from ._state import STATE_FILE, StateImage
from ._unanswered import Unanswered
from ._values import ranks_that_save, step_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, SupportsIndex

    from ._connection import Connection


class _Refused(Exception):
    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class _Saver:
    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()
        self._buffers = Buffers()
        # What the agent took over last, to be confirmed before the process ends.
        self._taken_over: dict[str, Any] | None = None

    def save(self, connection: Connection, step: int, image: StateImage, ranks: int) -> None:
        """Raises _Refused."""
        with self._one_at_a_time:
            reply = _call(
                connection, "BeginCheckpoint", SAVE_BEGIN_SECONDS, step=step, size_bytes=image.size, wants_buffer=True
            )
            if not reply.directory:
                raise _Refused(reply.refusal_code or "refused", reply.refusal or "the agent gave no reason")
            commit = {"step": step, "directory": reply.directory, "shards_expected": ranks}
            try:
                if reply.buffer:
                    image.write_to(self._buffers.map(reply.buffer_id, reply.buffer))
                else:
                    with open(os.path.join(reply.directory, STATE_FILE), "wb") as file:
                        image.write_file(file)
            except OSError as error:
                raise _Refused("folder_unusable", f"this process cannot write the state: {error}") from error
            _commit(connection, in_background=bool(reply.buffer), **commit)
            if reply.buffer:
                self._confirm_at_exit(commit)

    def _confirm_at_exit(self, commit: dict[str, Any]) -> None:
        if self._taken_over is None:
            atexit.register(self._confirm)
        self._taken_over = commit

    def _confirm(self) -> None:
        """The process ends when its last state is hashed: the job must not succeed without its last checkpoint."""
        connection = current().connection
        if connection is None or self._taken_over is None:
            return
        try:
            _commit(connection, in_background=False, **self._taken_over)
        except _Refused as refused:
            notice_unstored(self._taken_over["step"], refused.code, str(refused))


_saver = _Saver()


def save_state(step: SupportsIndex, state: object, ranks: SupportsIndex | None) -> Saved:
    """What ``save()`` does."""
    number = step_number(step, "save()")
    saving = ranks_that_save(ranks, "save(ranks=)")
    client = current()
    if client.connection is None:
        if client.job is None:
            return Saved(number, "outside_job", "this is no Orchestrator job, so nothing keeps its checkpoints")
        return _unstored(number, "helper_process", "only the process that the agent started saves checkpoints")
    with Phase("checkpoint"):
        image = _image_of(state)
        try:
            _saver.save(client.connection, number, image, saving)
        except _Refused as refused:
            return _unstored(number, refused.code, str(refused))
    return Saved(number)


def _image_of(state: object) -> StateImage:
    try:
        return StateImage(state)
    except Exception as error:
        # Pickle raises of its own, of the objects' and of attributes' kinds.
        raise UsageError(f"save() at {caller()}: the state cannot be pickled: {error!r}") from error


def _unstored(step: int, code: str, text: str) -> Saved:
    notice_unstored(step, code, text)
    return Saved(step, code, text)


def _commit(connection: Connection, **fields: Any) -> None:
    reply = _call(connection, "CommitCheckpoint", COMMIT_SECONDS, **fields)
    if not reply.stored:
        raise _Refused(reply.refusal_code or "refused", reply.refusal or "the agent gave no reason")


def _call(connection: Connection, name: str, seconds: float, **fields: Any) -> Any:
    try:
        return connection.call_patiently(name, seconds, CHECKPOINT_AWAY_SECONDS, **fields)
    except Unanswered as failure:
        code = "agent_away" if failure.away else failure.code
        raise _Refused(code, f"the agent did not answer {name}: {failure}") from failure

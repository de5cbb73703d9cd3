"""Writing this rank's part of a checkpoint."""

from __future__ import annotations

import os

from ._client import current
from ._errors import UsageError
from ._limits import BEGIN_SECONDS, CHECKPOINT_AWAY_SECONDS, COMMIT_SECONDS
from ._notices import caller, notice_unstored
from ._phase import Phase
from ._throwaway import drop_throwaway, make_throwaway
from ._unanswered import Unanswered
from ._values import ranks_that_save, step_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import SupportsIndex


class Checkpoint:
    """This rank's part of one checkpoint: a folder to write into, committed when the ``with`` block ends cleanly.

    Usable as a path itself: ``checkpoint / "model.pt"``, ``open(os.path.join(checkpoint, "state"), "wb")``.
    """

    def __init__(self, step: SupportsIndex, ranks: SupportsIndex | None) -> None:
        self._step = step_number(step, "checkpoint()")
        self._ranks = ranks_that_save(ranks, "checkpoint(ranks=)")
        self._path: Path | None = None
        self._throwaway = False
        self._stored = False
        self._refusal: tuple[str, str] | None = None
        self._phase = Phase("checkpoint")
        self._process = os.getpid()

    @property
    def step(self) -> int:
        """The step that the checkpoint is of."""
        return self._step

    @property
    def path(self) -> Path:
        """The empty folder for this rank's files; there from the start of the ``with`` block on."""
        if self._path is None:
            raise UsageError(f"checkpoint.path at {caller()}: the folder exists only inside of the 'with' block")
        return self._path

    @property
    def stored(self) -> bool:
        """Whether the agent wrote, synced, read back and hashed this rank's part; False until the block has ended."""
        return self._stored

    @property
    def refusal_code(self) -> str:
        """Machine code of why it is not stored; empty while nothing speaks against it.

        Known at the start of the block: a script that saves much can skip the writing where this is not empty.
        """
        return self._refusal[0] if self._refusal else ""

    @property
    def refusal(self) -> str:
        """One sentence on why it is not stored; empty like ``refusal_code``."""
        return self._refusal[1] if self._refusal else ""

    def __fspath__(self) -> str:
        return str(self.path)

    def __truediv__(self, name: str | os.PathLike[str]) -> Path:
        return self.path / name

    def __enter__(self) -> Checkpoint:
        if self._path is not None:
            raise UsageError(f"checkpoint() at {caller()}: one checkpoint() serves one 'with' block; call it again")
        self._phase.__enter__()
        self._path = self._begin()
        if self._path is None:
            self._throwaway = True
            self._path = make_throwaway()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A child forked inside of the block leaves it too, but the folder belongs to its parent.
        if os.getpid() != self._process:
            return
        try:
            if self._throwaway:
                drop_throwaway(self.path)
            elif kind is None:
                self._commit()
            else:
                self._refusal = ("abandoned", f"the block ended with {kind.__name__}")
        finally:
            self._phase.__exit__(kind, error, trace)

    def _begin(self) -> Path | None:
        client = current()
        if client.connection is None:
            if client.job is None:
                self._refusal = ("outside_job", "this is no Orchestrator job, so nothing keeps its checkpoints")
            else:
                self._refuse("helper_process", "only the process that the agent started saves checkpoints")
            return None
        try:
            reply = client.connection.call_patiently(
                "BeginCheckpoint", BEGIN_SECONDS, CHECKPOINT_AWAY_SECONDS, step=self._step
            )
        except Unanswered as failure:
            self._refuse("agent_away" if failure.away else failure.code, f"the agent gave no folder: {failure}")
            return None
        if not reply.directory:
            self._refuse(reply.refusal_code or "refused", reply.refusal or "the agent gave no reason")
            return None
        if not os.access(reply.directory, os.W_OK | os.X_OK):
            self._refuse("folder_unusable", f"this process cannot write into {reply.directory}, the agent's folder")
            return None
        from pathlib import Path

        return Path(reply.directory)

    def _commit(self) -> None:
        connection = current().connection
        if connection is None:
            return
        try:
            reply = connection.call_patiently(
                "CommitCheckpoint",
                COMMIT_SECONDS,
                CHECKPOINT_AWAY_SECONDS,
                step=self._step,
                directory=str(self.path),
                shards_expected=self._ranks,
            )
        except Unanswered as failure:
            self._refuse("agent_away" if failure.away else failure.code, f"the agent did not confirm it: {failure}")
            return
        self._stored = reply.stored
        if not reply.stored:
            self._refuse(reply.refusal_code or "refused", reply.refusal or "the agent gave no reason")

    def _refuse(self, code: str, text: str) -> None:
        self._refusal = (code, text)
        notice_unstored(self._step, code, text)

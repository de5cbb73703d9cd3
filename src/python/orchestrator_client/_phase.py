"""The name of what the script is doing."""

from __future__ import annotations

from ._client import current, progress
from ._errors import UsageError
from ._limits import MAX_PHASE_CHARACTERS
from ._notices import caller

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType


class Phase:
    """Names a part of the script while the ``with`` block runs; the name around it is back afterwards."""

    __slots__ = ("_around", "_name")

    def __init__(self, name: str) -> None:
        if not isinstance(name, str) or not name:
            raise UsageError(f"phase() at {caller()}: expected a name such as 'eval', but got {name!r}")
        self._name = name[:MAX_PHASE_CHARACTERS]
        self._around: list[str] = []

    def __enter__(self) -> None:
        current()
        self._around.append(progress.phase)
        progress.phase = self._name

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        progress.phase = self._around.pop()

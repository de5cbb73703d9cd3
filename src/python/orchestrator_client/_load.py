"""Reading back what ``save()`` wrote."""

from __future__ import annotations

import os

from ._errors import UsageError
from ._notices import caller
from ._resume import Resume
from ._state import STATE_FILE, read_state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def load_state(source: Resume | str | os.PathLike[str]) -> Any:
    """What ``load()`` does."""
    if isinstance(source, Resume):
        return read_state(source.path / STATE_FILE)
    if not isinstance(source, (str, os.PathLike)):
        raise UsageError(
            f"load() at {caller()}: expected what resume() returned, or a path, but got {type(source).__name__}"
        )
    return read_state(os.path.join(source, STATE_FILE) if os.path.isdir(source) else source)

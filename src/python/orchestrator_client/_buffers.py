"""The memory that states are saved into: files of the agent's, mapped once and written again and again."""

from __future__ import annotations

import mmap
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Every page is there before the copy begins. Python has the name since 3.10; Linux has had the number for longer.
_POPULATE = getattr(mmap, "MAP_POPULATE", 0x8000)


class Buffers:
    """The mappings of this process, by the names that the agent gives to its buffers."""

    def __init__(self) -> None:
        self._mapped: dict[str, _Mapped] = {}

    def map(self, buffer_id: str, path: str) -> Any:
        """The memory of a buffer; raises OSError."""
        self._drop_replaced()
        known = self._mapped.get(buffer_id)
        if known is None or not known.is_of(path):
            known = self._mapped[buffer_id] = _Mapped(path)
        return known.memory

    def _drop_replaced(self) -> None:
        # What the agent has deleted takes memory for as long as it is mapped.
        for buffer_id in [name for name, mapped in self._mapped.items() if mapped.is_deleted()]:
            del self._mapped[buffer_id]


class _Mapped:
    def __init__(self, path: str) -> None:
        self._file = open(path, "r+b", buffering=0)
        flags = mmap.MAP_SHARED | _POPULATE
        self.memory = mmap.mmap(self._file.fileno(), os.fstat(self._file.fileno()).st_size, flags)

    def is_of(self, path: str) -> bool:
        """Whether this is the very file; as long as it is mapped, no other can take its place."""
        return os.path.samestat(os.stat(path), os.fstat(self._file.fileno()))

    def is_deleted(self) -> bool:
        return os.fstat(self._file.fileno()).st_nlink == 0

"""A checkpoint to go on from."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


class Resume:
    """A stored checkpoint to go on from.

    ``step``: how many steps were finished in it. ``path``: the folder of this rank's own shard, or of the lowest
    rank's where this rank wrote none. ``shards``: the folder of every shard, by rank.
    """

    __slots__ = ("path", "shards", "step")

    def __init__(self, step: int, path: Path, shards: dict[int, Path]) -> None:
        self.step = step
        self.path = path
        self.shards = shards

    def __repr__(self) -> str:
        return f"Resume(step={self.step}, path={self.path!r}, shards={self.shards!r})"

"""Folders for checkpoints that nobody keeps."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


def make_throwaway() -> Path:
    """A new, private folder where TMPDIR says, so that a script can write as if its checkpoint were stored."""
    import tempfile
    from pathlib import Path

    return Path(tempfile.mkdtemp(prefix="orchestrator-unstored-"))


def drop_throwaway(folder: Path) -> None:
    """Removes such a folder; what cannot be removed stays, because the script must go on."""
    import shutil

    shutil.rmtree(folder, ignore_errors=True)

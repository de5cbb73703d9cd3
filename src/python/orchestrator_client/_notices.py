"""Lines on stderr for what the script should know but must not be stopped by."""

from __future__ import annotations

import os
import sys

_told: set[str] = set()
_package_folder = os.path.dirname(os.path.abspath(__file__))


def notice_once(key: str, text: str) -> None:
    """Writes one line to stderr the first time that ``key`` is used in this process."""
    if key in _told:
        return
    _told.add(key)
    try:
        sys.stderr.write(f"orchestrator_client: {text}\n")
        sys.stderr.flush()
    except (AttributeError, OSError, ValueError):
        # A script may run without stderr or with a closed one; a notice is not worth its life.
        pass


def notice_unstored(step: int, code: str, text: str) -> None:
    """Says once of each reason that a checkpoint is not stored."""
    notice_once(
        f"checkpoint-{code}", f"the checkpoint of step {step} is not stored ({code}): {text}; training goes on"
    )


def caller() -> str:
    """The line of the script that called into this package, as ``file:line``."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_package_folder):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"

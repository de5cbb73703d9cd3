"""The errors that this package raises."""

from __future__ import annotations


class OrchestratorError(Exception):
    """Base of every error that this package raises; an absent agent is never one while training runs."""


class UsageError(OrchestratorError, ValueError):
    """A call with a value that cannot be right; the message says which value, where, and what to pass."""


class StateUnreadableError(OrchestratorError):
    """``load()`` found no state there that ``save()`` wrote, or only a part of one."""


class ResumeUnavailableError(OrchestratorError):
    """``resume()`` could not learn where to resume from.

    It is raised before anything was trained. Starting from nothing instead could supersede days of work,
    while a rank that exits here is launched again.
    """

"""How a call to the agent fails, inside this package."""

from __future__ import annotations

from ._errors import OrchestratorError


class Unanswered(OrchestratorError):
    """The agent gave no reply. Never leaves the package.

    ``code`` is a machine code, the message a sentence; ``away`` tells an agent that did not answer, and that is
    worth another attempt, from one that answered with an error.
    """

    def __init__(self, code: str, text: str, away: bool) -> None:
        super().__init__(text)
        self.code = code
        self.away = away

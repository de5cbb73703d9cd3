"""What came of a save."""

from __future__ import annotations


class Saved:
    """What came of a ``save()``.

    ``step``; ``stored``: the agent has taken this rank's part over; otherwise ``refusal_code`` and ``refusal`` say
    why not.
    """

    __slots__ = ("refusal", "refusal_code", "step", "stored")

    def __init__(self, step: int, refusal_code: str = "", refusal: str = "") -> None:
        self.step = step
        self.stored = not refusal_code
        self.refusal_code = refusal_code
        self.refusal = refusal

    def __repr__(self) -> str:
        return f"Saved(step={self.step}, stored={self.stored}, refusal_code={self.refusal_code!r})"

"""What the quickstart is asked for on its command line."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

# Below that there is no room for the kill after the second checkpoint, the recovery and a fall of the loss.
LEAST_STEPS = 40


class WrongUsage(Exception):
    """An option turned out to be impossible; the message says which, and what is possible."""


@dataclass(frozen=True)
class Options:
    json: bool
    seed: int
    kill_host: str | None
    keep: bool
    """Keep the data folder; decided for the person where a result points into it, or where they named it."""

    data: Path | None
    steps: int
    check_usage: bool

    @property
    def words(self) -> TextIO:
        """Where words for a person go: with --json, standard output is for the result alone."""
        return sys.stderr if self.json else sys.stdout

    def say(self, words: str) -> None:
        print(words, file=self.words, flush=True)


def parse_options() -> Options:
    """Ends the process with exit code 2 and a sentence when the usage is wrong."""
    parser = argparse.ArgumentParser(
        prog="quickstart.sh",
        description="Trains a small model on virtual hosts of this machine, kills one of them, shows the recovery, "
        "and compares the weights with those of a run without a fault.",
    )
    parser.add_argument("--json", action="store_true", help="end with one JSON object; words go to standard error")
    parser.add_argument("--seed", type=whole_number, default=1, help="of weights, data and 'random' (default: 1)")
    parser.add_argument("--kill-host", metavar="NAME", help="host to kill, or 'random' (default: the host of rank 2)")
    parser.add_argument("--keep", action="store_true", help="keep the data; --json, --data and a failure keep it too")
    parser.add_argument("--data", type=Path, metavar="DIR", help="new or empty data folder (default: a temporary one)")
    parser.add_argument("--steps", type=whole_number, default=160, help="steps to train (default: 160)")
    # Only validates the options: quickstart.sh asks for it before it builds.
    parser.add_argument("--check-usage", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.steps < LEAST_STEPS:
        parser.error(f"--steps is {given.steps}; the kill and the recovery need at least {LEAST_STEPS}")
    if given.data and given.data.exists() and (not given.data.is_dir() or any(given.data.iterdir())):
        parser.error(f"--data {given.data} is not an empty folder; name another one, or delete it first")
    given.keep = given.keep or given.json or given.data is not None
    return Options(**vars(given))


def whole_number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number")
    return int(text)

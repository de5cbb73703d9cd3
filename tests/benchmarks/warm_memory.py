"""A folder of memory whose pages cost what memory costs, and not what a machine's host takes to hand them out."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Virtual machines may give free blocks of 2^order pages back to their host, a moment after they became free.
REPORTING = Path("/sys/module/page_reporting/parameters/page_reporting_order")
# Larger than any block that there is.
NEVER = "11"
# Left to all that runs meanwhile, while every other page is touched.
SPARED_MIB = 3072
MIB = 1 << 20


@contextmanager
def warm_memory(folder: Path, options: str) -> Iterator[None]:
    """Mounts a tmpfs whose memory was in use before, and stays with this machine for as long as the folder is in use.

    To be run as root, in a mount namespace of its own.
    """
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size=85%,{options}", "tmpfs", str(folder)], check=True)
    reporting = REPORTING.read_text() if REPORTING.exists() else None
    try:
        if reporting is not None:
            REPORTING.write_text(NEVER)
        touch(folder / "touched", available_mib() - SPARED_MIB)
        yield
    finally:
        if reporting is not None:
            REPORTING.write_text(reporting)
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def touch(path: Path, mib: int) -> None:
    """Uses so much memory once, and gives it free."""
    block = b"\1" * MIB
    with path.open("wb") as file:
        # A file system of memory gives huge pages to what it knows the size of.
        file.truncate(mib * MIB)
        for _ in range(mib):
            file.write(block)
    path.unlink()


def available_mib() -> int:
    lines = Path("/proc/meminfo").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable:")) // 1024

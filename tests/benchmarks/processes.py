"""The kernel's list of processes: who is there, and which of them are a job's ranks."""

from __future__ import annotations

from pathlib import Path

PROC = Path("/proc")


def start_ticks(pid: int) -> int | None:
    """When the process started, which together with the pid names one process for ever; None when it has ended."""
    try:
        text = (PROC / str(pid) / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The name in the second field may hold spaces and parentheses; the last ')' ends it.
    fields = text[text.rindex(")") + 2 :].split()
    return None if fields[0] in "ZX" else int(fields[19])


def ranks_of(job_id: str) -> dict[int, tuple[int, int]]:
    """Pid and start of each rank of a job that runs now, by rank; their supervisors are shells and do not count."""
    found: dict[int, tuple[int, int]] = {}
    for folder in PROC.iterdir():
        if not folder.name.isdigit():
            continue
        try:
            environment = (folder / "environ").read_bytes().split(b"\0")
            program = (folder / "cmdline").read_bytes().split(b"\0")[0]
        except OSError:
            # It has ended, or is another user's, which no rank of this cluster is.
            continue
        if f"ORCHESTRATOR_JOB_ID={job_id}".encode() not in environment or b"python" not in program:
            continue
        started = start_ticks(int(folder.name))
        rank = next((entry[5:] for entry in environment if entry.startswith(b"RANK=")), None)
        if started is not None and rank is not None:
            found[int(rank)] = (int(folder.name), started)
    return found

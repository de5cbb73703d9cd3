"""What the tests share: a folder short enough for a socket, a fake agent, and scripts that end with their test."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from fake_agent import FakeAgent
from scripts import Script, environment


@pytest.fixture
def folder():
    # The path of a Unix socket has at most 107 bytes, which pytest's own folders can pass.
    path = Path(tempfile.mkdtemp(prefix="oc "))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def absent_agent(folder):
    """An agent that is not there until the test starts it."""
    agent = FakeAgent(folder / "agent.sock", folder / "checkpoints")
    yield agent
    agent.stop()


@pytest.fixture
def agent(absent_agent):
    return absent_agent.start()


@pytest.fixture
def run(absent_agent):
    """Starts a script as a rank of the agent's job; keyword arguments are environment variables."""
    scripts = []

    def start(body: str, in_job: bool = True, **variables: str) -> Script:
        script = Script(body, environment(absent_agent.socket if in_job else None, **variables))
        scripts.append(script)
        return script

    yield start
    for script in scripts:
        script.clean_up()

"""The committed message classes are those that training.proto makes."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from scripts import CLIENT_FOLDER

PROTOC = "libprotoc 3.21.12"


def test_generated_stubs_are_current(tmp_path):
    if shutil.which("protoc") is None:
        pytest.skip("protoc is not installed")
    version = subprocess.run(["protoc", "--version"], check=True, capture_output=True, text=True).stdout.strip()
    if version != PROTOC:
        pytest.skip(f"the stubs are made with {PROTOC}, here is {version}")
    subprocess.run([CLIENT_FOLDER / "generate.sh", tmp_path], check=True)
    committed = CLIENT_FOLDER / "orchestrator_client" / "_generated"
    for name in ("training_pb2.py", "training_pb2.pyi"):
        assert (tmp_path / name).read_text() == (committed / name).read_text(), f"{name} is old: run generate.sh"

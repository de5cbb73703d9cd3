"""The control API for what is to be timed: a command that starts would take its part of the cores meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import grpc
from harness import ROOT

PROTOS = ("orchestrator/v1/control.proto", "orchestrator/v1/types.proto")
COMMAND_SECONDS = 120


def generate() -> Any:
    """The message classes of the control API."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["protoc", "-I", str(ROOT / "protos"), f"--python_out={folder}", *PROTOS], check=True)
        sys.path.insert(0, folder)
        try:
            from orchestrator.v1 import control_pb2
        finally:
            sys.path.remove(folder)
    return control_pb2


class Control:
    """A connection to the control plane of a development cluster."""

    def __init__(self, data: Path) -> None:
        self._messages = generate()
        self._channel = grpc.insecure_channel(f"127.0.0.1:{json.loads((data / 'cluster.json').read_text())['port']}")

    def restore(self, job: str, step: int, node: str, folder: Path) -> list[str]:
        """Has the agent of a node write a checkpoint into a folder; returns the place that each shard came from."""
        call = self._channel.unary_stream(
            "/orchestrator.v1.Control/RestoreCheckpoint",
            request_serializer=self._messages.RestoreCheckpointRequest.SerializeToString,
            response_deserializer=self._messages.CheckpointWork.FromString,
        )
        request = self._messages.RestoreCheckpointRequest(job_id=job, step=step, node=node, folder=str(folder))
        return [finding.place for work in call(request, timeout=COMMAND_SECONDS) for finding in work.findings]

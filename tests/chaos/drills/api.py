"""The control API over gRPC, from a program that stays: starting `orch` would take longer than what is measured."""

from __future__ import annotations

import importlib
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc

from ..world import AGENT_PORT, ROOT, silo_address

CALL_SECONDS = 1.0
SERVICE = "/orchestrator.v1.Control/"


class Api:
    """One channel to each silo."""

    def __init__(self, folder: Path, silos: list[str]) -> None:
        self._messages = compile_messages(folder)
        options = [("grpc.initial_reconnect_backoff_ms", 100), ("grpc.min_reconnect_backoff_ms", 2_000),
                   ("grpc.max_reconnect_backoff_ms", 200)]
        self._channels = {
            silo: grpc.insecure_channel(f"{silo_address(silo)}:{AGENT_PORT}", options=options) for silo in silos
        }

    def node(self, silo: str, name: str) -> Any:
        """Straight from its grain."""
        return self._call(silo, "GetNode", "Node", name=name)

    def job(self, silo: str, job: str) -> Any:
        """Straight from its grain."""
        return self._call(silo, "GetJob", "Job", job_id=job)

    def nodes(self, silo: str) -> list[Any]:
        return list(self._call(silo, "ListNodes", "ListNodesReply").nodes)

    def pools(self, silo: str) -> list[Any]:
        return list(self._call(silo, "ListPools", "ListPoolsReply").pools)

    def drain(self, silo: str, node: str) -> None:
        self._call(silo, "DrainNode", "DrainNodeReply", name=node, reason="a drill")

    def resume(self, silo: str, node: str) -> None:
        self._call(silo, "ResumeNode", "ResumeNodeReply", name=node, reason="a drill")

    def _call(self, silo: str, method: str, reply: str, **fields: Any) -> Any:
        requests = {"GetNode": "GetNodeRequest", "GetJob": "GetJobRequest", "ListNodes": "ListNodesRequest",
                    "ListPools": "ListPoolsRequest", "DrainNode": "DrainNodeRequest", "ResumeNode": "ResumeNodeRequest"}
        request = getattr(self._messages, requests[method])(**fields)
        call = self._channels[silo].unary_unary(
            SERVICE + method,
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=getattr(self._messages, reply).FromString,
        )
        # A call that fails at once would not stay for long enough to bring a lost connection back.
        return call(request, timeout=CALL_SECONDS, wait_for_ready=True)


def answered(asks: dict[str, Callable[[], bool]], seconds: float) -> tuple[dict[str, float], list[str]]:
    """How long each question took to be answered with yes, since now; and which were not in time."""
    began = time.monotonic()
    took: dict[str, float] = {}
    while len(took) < len(asks) and time.monotonic() - began < seconds:
        for name, ask in asks.items():
            if name not in took and says_yes(ask):
                took[name] = time.monotonic() - began
        time.sleep(0.02)
    return took, [name for name in asks if name not in took]


def says_yes(ask: Callable[[], bool]) -> bool:
    try:
        return ask()
    except grpc.RpcError:
        return False


def compile_messages(folder: Path) -> Any:
    """Messages of the API, made from its protos."""
    folder.mkdir(parents=True, exist_ok=True)
    protos = ROOT / "protos"
    names = [f"orchestrator/v1/{name}.proto" for name in ("types", "control")]
    subprocess.run(["protoc", f"-I{protos}", f"--python_out={folder}", *names], check=True, cwd=protos)
    sys.path.insert(0, str(folder))
    return importlib.import_module("orchestrator.v1.control_pb2")

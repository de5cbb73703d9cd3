"""A training service on a real Unix socket, with scripted answers."""

from __future__ import annotations

import os
import threading
from concurrent import futures
from pathlib import Path
from time import monotonic

import grpc

from orchestrator_client._generated import training_pb2 as messages

WAIT_SECONDS = 20.0


class FakeAgent:
    """Answers the four calls, remembers every request, and lets a test wait for one."""

    def __init__(self, socket: Path, folder: Path) -> None:
        self.socket = socket
        self.folder = folder
        self.next_interval_ms = 50
        self.should_stop = False
        # Every how many steps to save, from which step on, and every how many before it.
        self.save_plan = (0, 0, 0)
        self.resume_reply = messages.ResumeReply()
        self.refusal: tuple[str, str] | None = None
        # Answers BeginCheckpoint instead of a new folder.
        self.begin_reply: messages.BeginCheckpointReply | None = None
        # Gives buffers to those who want one: free ones first, whose names stay the same.
        self.gives_buffers = False
        self.free_buffers: list[Path] = []
        self.commit_refusal: tuple[str, str] | None = None
        # Status that a call is to end with, by the call's name.
        self.failures: dict[str, grpc.StatusCode] = {}
        # Calls that are held until the agent stops.
        self.hanging: set[str] = set()
        self.requests: list[object] = []
        self._changed = threading.Condition()
        self._released = threading.Event()
        self._server: grpc.Server | None = None

    def start(self) -> FakeAgent:
        self._released.clear()
        self._server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
        handlers = {
            name: grpc.unary_unary_rpc_method_handler(
                self._handler(name, answer),
                request_deserializer=getattr(messages, f"{name}Request").FromString,
                response_serializer=getattr(messages, f"{name}Reply").SerializeToString,
            )
            for name, answer in (
                ("Report", self._report),
                ("Resume", lambda request: self.resume_reply),
                ("BeginCheckpoint", self._begin),
                ("CommitCheckpoint", self._commit),
            )
        }
        self._server.add_generic_rpc_handlers(
            (grpc.method_handlers_generic_handler("orchestrator.v1.Training", handlers),)
        )
        assert self._server.add_insecure_port(f"unix:{self.socket}"), f"cannot listen on {self.socket}"
        self._server.start()
        return self

    def stop(self) -> None:
        if self._server is not None:
            stopped = self._server.stop(grace=None)
            # Only now: released before its call is cancelled, a held handler would still answer.
            self._released.set()
            assert stopped.wait(WAIT_SECONDS), "the fake agent did not stop"
            self._server = None

    def of(self, kind: type) -> list:
        """The requests of one kind so far."""
        with self._changed:
            return [request for request in self.requests if isinstance(request, kind)]

    def wait_for(self, kind: type, what: str, matches=lambda request: True, after: int = 0):
        """The first request of a kind that matches, among those after the first ``after`` of them."""
        deadline = monotonic() + WAIT_SECONDS
        with self._changed:
            while True:
                of_kind = [request for request in self.requests if isinstance(request, kind)]
                for request in of_kind[after:]:
                    if matches(request):
                        return request
                left = deadline - monotonic()
                assert left > 0, f"within {WAIT_SECONDS:.0f} s this did not arrive: {what}; last: {of_kind[-1:]}"
                self._changed.wait(left)

    def wait_for_report(self, what: str, matches=lambda request: True, after: int = 0):
        return self.wait_for(messages.ReportRequest, what, matches, after)

    def wait_for_next_reports(self, count: int = 2) -> None:
        """Waits until the client has sent a report that follows a reply given after this call."""
        so_far = len(self.of(messages.ReportRequest))
        self.wait_for_report(f"{count} more reports", after=so_far + count - 1)

    def _handler(self, name: str, answer):
        def handle(request, context):
            with self._changed:
                self.requests.append(request)
                self._changed.notify_all()
            if name in self.hanging:
                self._released.wait()
            if name in self.failures:
                context.abort(self.failures[name], "scripted")
            return answer(request)

        return handle

    def _report(self, request):
        every, first, previous = self.save_plan
        return messages.ReportReply(
            should_stop=self.should_stop,
            next_interval_ms=self.next_interval_ms,
            save_every_steps=every,
            save_from_step=first,
            save_previous_every_steps=previous,
        )

    def _begin(self, request):
        if self.refusal is not None:
            return messages.BeginCheckpointReply(refusal_code=self.refusal[0], refusal=self.refusal[1])
        if self.begin_reply is not None:
            return self.begin_reply
        begun = len(self.of(messages.BeginCheckpointRequest))
        folder = self.folder / f"step-{request.step}-rank-{request.rank.rank}-{begun}"
        folder.mkdir(parents=True)
        if request.wants_buffer and self.gives_buffers:
            return self._buffer(folder, begun, request.size_bytes)
        return messages.BeginCheckpointReply(directory=str(folder))

    def _buffer(self, folder: Path, begun: int, size: int):
        pool = self.folder / "buffers"
        pool.mkdir(exist_ok=True)
        if self.free_buffers:
            buffer = self.free_buffers.pop(0)
        else:
            buffer = pool / f"buffer-{begun}"
            buffer.write_bytes(b"\xff" * (-(-size // 4096) * 4096))
        os.link(buffer, folder / "state")
        return messages.BeginCheckpointReply(
            directory=str(folder), buffer=str(folder / "state"), buffer_id=buffer.name
        )

    def _commit(self, request):
        if self.commit_refusal is not None:
            code, text = self.commit_refusal
            return messages.CommitCheckpointReply(refusal_code=code, refusal=text)
        return messages.CommitCheckpointReply(stored=True)

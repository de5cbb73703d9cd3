"""The calls of training.proto over gRPC. Importing this module imports grpc: only ``_connection`` does, late."""

from __future__ import annotations

from urllib.parse import quote

import grpc

from ._generated import training_pb2 as messages
from ._limits import RECONNECT_FIRST_MILLISECONDS, RECONNECT_LONGEST_MILLISECONDS
from ._unanswered import Unanswered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._job import Job

_SERVICE = "orchestrator.v1.Training"

_OPTIONS = (
    ("grpc.initial_reconnect_backoff_ms", RECONNECT_FIRST_MILLISECONDS),
    ("grpc.min_reconnect_backoff_ms", RECONNECT_LONGEST_MILLISECONDS),
    ("grpc.max_reconnect_backoff_ms", RECONNECT_LONGEST_MILLISECONDS),
    # A socket's path makes no valid authority, and some servers refuse the call for it.
    ("grpc.default_authority", "localhost"),
    # The script may use gRPC itself: neither its proxy nor its connections are ours.
    ("grpc.enable_http_proxy", 0),
    ("grpc.use_local_subchannel_pool", 1),
)

_AWAY = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED)


class Wire:
    """One channel to the agent; it connects, and connects again, by itself."""

    def __init__(self, job: Job) -> None:
        self._channel = grpc.insecure_channel(f"unix:{quote(job.agent_socket)}", options=_OPTIONS)
        self._identity = messages.RankIdentity(job_id=job.job_id, attempt=job.attempt, rank=job.rank)
        self._calls = {
            name: self._channel.unary_unary(
                f"/{_SERVICE}/{name}",
                request_serializer=getattr(messages, f"{name}Request").SerializeToString,
                response_deserializer=getattr(messages, f"{name}Reply").FromString,
            )
            for name in ("Report", "Resume", "BeginCheckpoint", "CommitCheckpoint")
        }

    def call(self, name: str, seconds: float, fields: dict[str, Any]) -> Any:
        """The reply to one call within ``seconds``; raises Unanswered."""
        request = getattr(messages, f"{name}Request")(rank=self._identity, **fields)
        try:
            return self._calls[name](request, timeout=seconds)
        except grpc.RpcError as error:
            status = error.code()
            raise Unanswered(status.name.lower(), error.details() or status.name, status in _AWAY) from None
        except ValueError:
            # This is how grpc says that the channel was closed: the process ends, or forks.
            raise Unanswered("closed", "the connection to the agent is closed", True) from None

    def close(self) -> None:
        """Ends the calls under way and the channel."""
        self._channel.close()

"""The store as it truly is: Ceph's gateway, looked at past the way that is broken."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUCKET, PREFIX = "checkpoints", "faults"
KEYS = {"AWS_ACCESS_KEY_ID": "faults", "AWS_SECRET_ACCESS_KEY": "faults-secret"}


class Store:
    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            **KEYS,
            "RCLONE_CONFIG": "/dev/null",
            "RCLONE_CONFIG_S3_TYPE": "s3",
            "RCLONE_CONFIG_S3_PROVIDER": "Ceph",
            "RCLONE_CONFIG_S3_ENV_AUTH": "true",
            "RCLONE_CONFIG_S3_ENDPOINT": endpoint,
        }
        self._rclone("mkdir", f"s3:{BUCKET}")

    def sha256(self, key: str) -> str:
        """Of an object's content; of nothing where it is missing, or is deleted while it is read."""
        read = subprocess.run(
            ["rclone", "cat", self._path(key)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=self._environment)
        return hashlib.sha256(read.stdout if read.returncode == 0 else b"").hexdigest()

    def flip(self, key: str) -> None:
        """One bit of an object is another, and nobody was told."""
        content = bytearray(self._rclone("cat", self._path(key)))
        content[len(content) // 2] ^= 1
        self._rclone("rcat", self._path(key), content=bytes(content))

    def _path(self, key: str) -> str:
        return f"s3:{BUCKET}/{PREFIX}/{key}"

    def _rclone(self, *arguments: str, content: bytes | None = None) -> bytes:
        return subprocess.run(
            ["rclone", *arguments], check=True, input=content, stdout=subprocess.PIPE, env=self._environment
        ).stdout


@contextmanager
def ceph() -> Iterator[Store]:
    """A store of its own; it ends when its standard input does, so also with this process."""
    command = ["bash", str(ROOT / "tests/Shared/ceph.sh"), *KEYS.values()]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        endpoint = server.stdout.readline().strip()
        if not endpoint:
            raise RuntimeError("Ceph did not start; its words are above.")
        yield Store(endpoint)
        server.communicate()

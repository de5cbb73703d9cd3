"""Prints the SHA-256 of a state dict file: of the raw bytes of its tensors, in the order of their names.

    /usr/bin/python3 weights_sha256.py FILE

Nothing else goes into the hash: two files with equal weights have equal hashes, whenever and wherever they were saved.
"""

from __future__ import annotations

import hashlib
import sys

import torch


def weights_sha256(path: str) -> str:
    weights = torch.load(path, map_location="cpu")
    digest = hashlib.sha256()
    for name in sorted(weights):
        digest.update(weights[name].contiguous().numpy().tobytes())
    return digest.hexdigest()


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit("usage: weights_sha256.py FILE")
    print(weights_sha256(sys.argv[1]))


if __name__ == "__main__":
    main()

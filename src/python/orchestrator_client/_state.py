"""A state as one file: a header with all that is no tensor, then the bytes of the tensors.

The header is a fixed part (magic, four lengths), the table of the tensors as JSON, and the skeleton: the state as
pickle writes it, with a number in place of each tensor. Every tensor begins at a multiple of 64 bytes.
"""

from __future__ import annotations

import ctypes
import io
import json
import os
import pickle
import struct
import sys

from ._errors import StateUnreadableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, BinaryIO

# The one file of a shard that is a state.
STATE_FILE = "state"

MAGIC = b"ORCHST01"

# Magic, bytes of the table, bytes of the skeleton, where the tensors begin, where they end.
_PREFIX = struct.Struct("<8sQQQQ")

# A line of the processor's cache: no copy begins in the middle of one.
_ALIGNMENT = 64

# The header may grow by this without another size of the file: one more digit must not cost a new buffer.
_HEADER_STEP = 64 * 1024

_PROTOCOL = 4


class StateImage:
    """What a state is as a file, before it is written; the tensors are copied only then."""

    def __init__(self, state: object) -> None:
        skeleton = io.BytesIO()
        pickler = _Skeleton(skeleton)
        pickler.dump(state)
        table = json.dumps(pickler.table, separators=(",", ":")).encode()
        body = table + skeleton.getvalue()
        self._tensors_at = _round_up(_PREFIX.size + len(body), _HEADER_STEP)
        self._tensors = pickler.tensors
        self._places = [self._tensors_at + entry[2] for entry in pickler.table]
        self.size = self._tensors_at + pickler.end
        self._header = _PREFIX.pack(MAGIC, len(table), skeleton.tell(), self._tensors_at, self.size) + body

    def write_to(self, memory: Any) -> None:
        """Copies it into a writable buffer of at least ``size`` bytes, such as a mapping."""
        memory[: len(self._header)] = self._header
        for tensor, place in zip(self._tensors, self._places):
            if tensor.numel() > 0:
                _copy(tensor, memory, place)

    def write_file(self, file: BinaryIO) -> None:
        """Writes it into an empty file."""
        file.write(self._header)
        for tensor, place in zip(self._tensors, self._places):
            file.seek(place)
            plain = tensor.resolve_conj().resolve_neg().cpu().contiguous()
            if plain.numel() > 0:
                file.write(_bytes_of(plain))
        file.truncate(self.size)


def read_state(path: str | os.PathLike[str]) -> Any:
    """The state in a file; raises StateUnreadableError where it is none, or not a whole one."""
    try:
        with open(path, "rb", buffering=0) as file:
            return _read(file, os.fspath(path))
    except OSError as error:
        raise StateUnreadableError(f"{os.fspath(path)} cannot be read: {error}") from error


class _Skeleton(pickle.Pickler):
    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, _PROTOCOL)
        # Where it was never imported, nothing can be a tensor.
        self._torch: Any = sys.modules.get("torch")
        self._known: dict[object, int] = {}
        self.tensors: list[Any] = []
        # Of each tensor: dtype, shape, offset behind the first one's beginning, is a Parameter, requires grad.
        self.table: list[list[Any]] = []
        self.end = 0

    def persistent_id(self, value: Any) -> int | None:
        if self._torch is None or not _is_plain(self._torch, value):
            # Whatever else there is, such as sparse tensors, pickles itself.
            return None
        tensor = value.detach()
        parameter = type(value) is not self._torch.Tensor
        # Weights that are tied are saved once, and come back as one.
        key: object = (
            (tensor.data_ptr(), tensor.dtype, tensor.shape, tensor.stride(), tensor.device, tensor.is_conj(),
             tensor.is_neg(), parameter, value.requires_grad)
            if tensor.numel() > 0
            else len(self.tensors)
        )
        if key not in self._known:
            self._known[key] = len(self.tensors)
            self.tensors.append(tensor)
            offset = _round_up(self.end, _ALIGNMENT)
            self.table.append(
                [str(tensor.dtype).split(".")[-1], list(tensor.shape), offset, parameter, bool(value.requires_grad)]
            )
            self.end = offset + tensor.numel() * tensor.element_size()
        return self._known[key]


class _Rebuild(pickle.Unpickler):
    def __init__(self, skeleton: bytes, tensors: list[Any]) -> None:
        super().__init__(io.BytesIO(skeleton))
        self._tensors = tensors

    def persistent_load(self, number: int) -> Any:
        return self._tensors[number]


def _is_plain(torch: Any, value: object) -> bool:
    if type(value) is not torch.Tensor and type(value) is not torch.nn.Parameter:
        return False
    tensor: Any = value
    return tensor.layout == torch.strided and not tensor.is_quantized and tensor.device.type != "meta"


def _copy(tensor: Any, memory: Any, place: int) -> None:
    torch = sys.modules["torch"]
    target = torch.frombuffer(memory, dtype=tensor.dtype, count=tensor.numel(), offset=place)
    is_plain = tensor.device.type == "cpu" and tensor.is_contiguous() and not (tensor.is_conj() or tensor.is_neg())
    if is_plain and torch.get_num_threads() == 1:
        # One thread copies fastest past the cache, as the C library does.
        ctypes.memmove(target.data_ptr(), tensor.data_ptr(), tensor.numel() * tensor.element_size())
    else:
        target.view(tensor.shape).copy_(tensor)


def _bytes_of(tensor: Any) -> memoryview:
    # Valid as long as the tensor is; numpy, which has a name for it, need not be there.
    size = tensor.numel() * tensor.element_size()
    return memoryview((ctypes.c_char * size).from_address(tensor.data_ptr())).cast("B")


def _read(file: Any, name: str) -> Any:
    prefix = file.read(_PREFIX.size)
    if len(prefix) < _PREFIX.size or prefix[: len(MAGIC)] != MAGIC:
        raise StateUnreadableError(f"{name} is no state that save() wrote: it begins with {prefix[:8]!r}")
    _, table_bytes, skeleton_bytes, tensors_at, end = _PREFIX.unpack(prefix)
    size = os.fstat(file.fileno()).st_size
    if not _PREFIX.size + table_bytes + skeleton_bytes <= tensors_at <= end <= size:
        raise StateUnreadableError(f"{name} has {size} bytes, but its header speaks of {end}")
    table = json.loads(_filled(file, bytearray(table_bytes), name))
    skeleton = bytes(_filled(file, bytearray(skeleton_bytes), name))
    tensors = [_tensor(file, entry, tensors_at, end, name) for entry in table]
    return _Rebuild(skeleton, tensors).load()


def _tensor(file: Any, entry: list[Any], tensors_at: int, end: int, name: str) -> Any:
    import torch

    kind, shape, offset, parameter, requires_grad = entry
    tensor = torch.empty(shape, dtype=getattr(torch, kind))
    place = tensors_at + offset
    if place + tensor.numel() * tensor.element_size() > end:
        raise StateUnreadableError(f"{name} ends before a tensor of its table does")
    if tensor.numel() > 0:
        file.seek(place)
        _filled(file, _bytes_of(tensor), name)
    if parameter:
        return torch.nn.Parameter(tensor, requires_grad)
    return tensor.requires_grad_(requires_grad)


def _filled(file: Any, target: Any, name: str) -> Any:
    """``target``, filled from the file; straight into its memory, and a disk that fails is an error, not a signal."""
    view = memoryview(target)
    while view:
        count = file.readinto(view)
        if not count:
            raise StateUnreadableError(f"{name} is shorter than its header says")
        view = view[count:]
    return target


def _round_up(number: int, multiple: int) -> int:
    return -(-number // multiple) * multiple

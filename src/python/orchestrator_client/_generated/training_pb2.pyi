from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class BeginCheckpointReply(_message.Message):
    __slots__ = ["buffer", "buffer_id", "directory", "refusal", "refusal_code"]
    BUFFER_FIELD_NUMBER: _ClassVar[int]
    BUFFER_ID_FIELD_NUMBER: _ClassVar[int]
    DIRECTORY_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_CODE_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    buffer: str
    buffer_id: str
    directory: str
    refusal: str
    refusal_code: str
    def __init__(self, directory: _Optional[str] = ..., refusal_code: _Optional[str] = ..., refusal: _Optional[str] = ..., buffer: _Optional[str] = ..., buffer_id: _Optional[str] = ...) -> None: ...

class BeginCheckpointRequest(_message.Message):
    __slots__ = ["rank", "size_bytes", "step", "wants_buffer"]
    RANK_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    WANTS_BUFFER_FIELD_NUMBER: _ClassVar[int]
    rank: RankIdentity
    size_bytes: int
    step: int
    wants_buffer: bool
    def __init__(self, rank: _Optional[_Union[RankIdentity, _Mapping]] = ..., step: _Optional[int] = ..., size_bytes: _Optional[int] = ..., wants_buffer: bool = ...) -> None: ...

class CommitCheckpointReply(_message.Message):
    __slots__ = ["refusal", "refusal_code", "stored"]
    REFUSAL_CODE_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    STORED_FIELD_NUMBER: _ClassVar[int]
    refusal: str
    refusal_code: str
    stored: bool
    def __init__(self, stored: bool = ..., refusal_code: _Optional[str] = ..., refusal: _Optional[str] = ...) -> None: ...

class CommitCheckpointRequest(_message.Message):
    __slots__ = ["directory", "in_background", "rank", "shards_expected", "step"]
    DIRECTORY_FIELD_NUMBER: _ClassVar[int]
    IN_BACKGROUND_FIELD_NUMBER: _ClassVar[int]
    RANK_FIELD_NUMBER: _ClassVar[int]
    SHARDS_EXPECTED_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    directory: str
    in_background: bool
    rank: RankIdentity
    shards_expected: int
    step: int
    def __init__(self, rank: _Optional[_Union[RankIdentity, _Mapping]] = ..., step: _Optional[int] = ..., directory: _Optional[str] = ..., shards_expected: _Optional[int] = ..., in_background: bool = ...) -> None: ...

class RankIdentity(_message.Message):
    __slots__ = ["attempt", "job_id", "rank"]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    JOB_ID_FIELD_NUMBER: _ClassVar[int]
    RANK_FIELD_NUMBER: _ClassVar[int]
    attempt: int
    job_id: str
    rank: int
    def __init__(self, job_id: _Optional[str] = ..., attempt: _Optional[int] = ..., rank: _Optional[int] = ...) -> None: ...

class ReportReply(_message.Message):
    __slots__ = ["next_interval_ms", "save_every_steps", "save_from_step", "save_previous_every_steps", "should_stop"]
    NEXT_INTERVAL_MS_FIELD_NUMBER: _ClassVar[int]
    SAVE_EVERY_STEPS_FIELD_NUMBER: _ClassVar[int]
    SAVE_FROM_STEP_FIELD_NUMBER: _ClassVar[int]
    SAVE_PREVIOUS_EVERY_STEPS_FIELD_NUMBER: _ClassVar[int]
    SHOULD_STOP_FIELD_NUMBER: _ClassVar[int]
    next_interval_ms: int
    save_every_steps: int
    save_from_step: int
    save_previous_every_steps: int
    should_stop: bool
    def __init__(self, should_stop: bool = ..., next_interval_ms: _Optional[int] = ..., save_every_steps: _Optional[int] = ..., save_from_step: _Optional[int] = ..., save_previous_every_steps: _Optional[int] = ...) -> None: ...

class ReportRequest(_message.Message):
    __slots__ = ["first_step", "first_step_age_ms", "phase", "rank", "step", "step_age_ms"]
    FIRST_STEP_AGE_MS_FIELD_NUMBER: _ClassVar[int]
    FIRST_STEP_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    RANK_FIELD_NUMBER: _ClassVar[int]
    STEP_AGE_MS_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    first_step: int
    first_step_age_ms: int
    phase: str
    rank: RankIdentity
    step: int
    step_age_ms: int
    def __init__(self, rank: _Optional[_Union[RankIdentity, _Mapping]] = ..., step: _Optional[int] = ..., step_age_ms: _Optional[int] = ..., first_step: _Optional[int] = ..., first_step_age_ms: _Optional[int] = ..., phase: _Optional[str] = ...) -> None: ...

class ResumeReply(_message.Message):
    __slots__ = ["has_checkpoint", "path", "shard_paths", "step"]
    class ShardPathsEntry(_message.Message):
        __slots__ = ["key", "value"]
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: int
        value: str
        def __init__(self, key: _Optional[int] = ..., value: _Optional[str] = ...) -> None: ...
    HAS_CHECKPOINT_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    SHARD_PATHS_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    has_checkpoint: bool
    path: str
    shard_paths: _containers.ScalarMap[int, str]
    step: int
    def __init__(self, has_checkpoint: bool = ..., step: _Optional[int] = ..., path: _Optional[str] = ..., shard_paths: _Optional[_Mapping[int, str]] = ...) -> None: ...

class ResumeRequest(_message.Message):
    __slots__ = ["rank"]
    RANK_FIELD_NUMBER: _ClassVar[int]
    rank: RankIdentity
    def __init__(self, rank: _Optional[_Union[RankIdentity, _Mapping]] = ...) -> None: ...

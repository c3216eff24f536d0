"""Units of work and their answers: plain data that travels between processes.

A value of a secret is in none of them, and neither is one of a file.
"""

from __future__ import annotations

from typing import Literal

from keylint.core.records import NamedTuple
from keylint.core.report import Failure, HiddenFinding
from keylint.fleet.owner_key import OwnerKey
from keylint.history.batches import Batch
from keylint.history.occurrences import Occurrence
from keylint.scanner.request import BaselineOptions, ConfigOverrides


class UnitSettings(NamedTuple):
    """What all units of a run share.

    `environment` are the variables of keylint that hold where the run was started; `build` is a
    digest of keylint and its rules, which must be those of the worker. `chunk_bytes` is the size
    from which on a history is cut. A unit may take `seconds`, and its process `memory` bytes.
    """

    key: OwnerKey
    build: bytes
    version: str
    overrides: ConfigOverrides
    baseline: BaselineOptions
    environment: tuple[tuple[str, str], ...]
    chunk_bytes: int
    seconds: float
    memory: int
    reads_keys: bool
    includes_ignored: bool = False


class WorkUnit(NamedTuple):
    """Work for one process: a repository, a chunk of its objects, or the joining of its chunks.

    `state` is what the last whole look saw, `known_state` and `known` tell which objects were found
    clean before. `objects` are those of a chunk, `answers` the packed results of all chunks, and
    `plan` is the digest of how the history was cut. `is_careful` asks for a process for each object
    after one has ended the process.
    """

    settings: UnitSettings
    kind: Literal['repository', 'chunk', 'join']
    repository: int
    path: str
    state: bytes = b''
    known_state: bytes = b''
    known: bytes = b''
    number: int = 0
    objects: bytes = b''
    answers: tuple[bytes, ...] = ()
    plan: bytes = b''
    is_careful: bool = False


class FoundSecret(NamedTuple):
    """A finding as the store keeps it: columns to look for, and the whole of it, packed.

    `digests` are those of its values under the owner's key, the leading one first.
    """

    uid: str
    rule: str
    issuer: str
    severity: str
    environment: str
    state: str
    is_counted: bool
    in_head: bool
    on_remote: bool
    first_seen: str
    digests: tuple[bytes, ...]
    data: bytes


class ChunkAnswer(NamedTuple):
    """What the scan of a chunk gives: where the findings are, and what could not be scanned.

    `part` is the number of the repository (0) or the submodule that the objects are of.
    """

    part: int
    occurrences: tuple[Occurrence, ...]
    failures: tuple[Failure, ...]
    clean: bytes
    hidden: tuple[HiddenFinding, ...]
    objects: int
    size: int


class ChunkObjects(NamedTuple):
    """The objects of a chunk, and which of the repository and its submodules they are of."""

    part: int
    batches: tuple[Batch, ...]


class UnitAnswer(NamedTuple):
    """What became of a unit.

    `done`: all of a repository was looked at. `unchanged`: nothing had to be. `plan`: it is large,
    and `chunks` are to be scanned one by one; `chunk`: one was, and `chunks` has its result.
    `changed`: the repository is not any more what the plan was made for. `failed`: there is no
    result, `failures` say why. `refused`: the worker has another keylint.
    """

    kind: Literal['done', 'unchanged', 'plan', 'chunk', 'changed', 'failed', 'refused']
    repository: int
    number: int = 0
    state: bytes = b''
    known_state: bytes = b''
    clean: bytes = b''
    found: tuple[FoundSecret, ...] = ()
    failures: tuple[Failure, ...] = ()
    keys: tuple[bytes, ...] = ()
    chunks: tuple[bytes, ...] = ()
    plan: bytes = b''
    objects: int = 0
    bytes: int = 0
    seconds: float = 0.0
    hidden: int = 0
    skipped: int = 0

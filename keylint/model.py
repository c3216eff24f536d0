"""The nouns that everything imports; this module imports nothing of ours. Spans are half-open byte offsets."""

from __future__ import annotations

from dataclasses import dataclass, field

SEVERITIES = ('info', 'low', 'medium', 'high', 'critical')
CONFIDENCES = ('low', 'medium', 'high')
ROLES = ('api-key', 'secret', 'passphrase', 'private-key', 'mnemonic', 'token', 'url', 'password')
ENVIRONMENTS = ('live', 'testnet', 'paper', 'unknown')


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of bytes, in a blob or in a fragment."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Origin:
    """One place where a blob was seen."""

    path: str
    commit: str | None = None


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes and the place they came from."""

    data: bytes
    origin: Origin


@dataclass(frozen=True, slots=True)
class Cell:
    """A notebook cell: its number counted from 0, its part (`source`, `output`, `metadata`), the line in the part."""

    index: int
    part: str
    line: int = 1


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a fragment that lies unbroken in its blob: `scale` blob bytes stand behind each fragment byte."""

    start: int
    blob_start: int
    length: int
    scale: int = 1


@dataclass(frozen=True, slots=True)
class Fragment:
    """Readable UTF-8 (or Latin-1) text cut from a blob, and the way back to bytes of the blob.

    `pieces` is empty when the fragment is the whole blob.
    """

    data: bytes
    pieces: tuple[Piece, ...] = ()
    cell: Cell | None = None
    container: str | None = None
    settings: tuple[Setting, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """One key path and value of a structured document; `start` and `end` are the value's bytes in the fragment.

    `path` holds the mapping keys and list indexes from the root. `value` is the decoded value.
    """

    path: tuple[str, ...]
    value: bytes
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Binding:
    """A value and the name that the text binds it to (empty when nothing does)."""

    name: str
    value: bytes
    start: int
    end: int
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A part of a credential found in a fragment. It holds the value, so it dies inside the worker."""

    rule: str
    role: str
    value: bytes
    start: int
    end: int
    confidence: str
    name: str = ''
    group: tuple[str, ...] = ()
    environment: str | None = None
    evidence: int = 0


@dataclass(frozen=True, slots=True)
class Credential:
    """Hits that belong together: one account's key, secret and passphrase."""

    rule: str
    hits: tuple[Hit, ...]
    environment: str
    fragment: int


@dataclass(frozen=True, slots=True)
class Place:
    """A range in a file as people count it: lines and columns from 1, the end column exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a reported credential. `value` is None unless the user asked for `--show-secrets`."""

    role: str
    place: Place
    preview: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What leaves the worker: plain, sortable, with no secret in it."""

    path: str
    place: Place
    rule: str
    severity: str
    confidence: str
    issuer: str | None
    environment: str
    title: str
    message: str
    do: tuple[str, ...]
    parts: tuple[Part, ...]
    fingerprint: str
    help_url: str
    excerpt: tuple[str, ...] = ()
    cell: Cell | None = None
    container: str | None = None
    commit: str | None = None
    state: str = 'open'
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that should have been scanned and could not be."""

    path: str
    stage: str
    error: str


@dataclass(frozen=True, slots=True)
class Warned:
    """Something the user should know about their own marks or configuration; never changes the exit code."""

    path: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class BlobResult:
    """All that a worker says about one blob."""

    findings: tuple[Finding, ...] = ()
    failures: tuple[Failure, ...] = ()
    warnings: tuple[Warned, ...] = ()


@dataclass(slots=True)
class Report:
    """The whole run, filled by the pipeline and read by the reporters."""

    findings: list[Finding] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)
    files: int = 0
    bytes: int = 0
    seconds: float = 0.0

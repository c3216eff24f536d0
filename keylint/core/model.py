"""The nouns that everything imports; this module imports nothing of ours. Spans are half-open byte offsets.

Named tuples and not dataclasses: `dataclasses` pulls in `inspect`, which alone costs a quarter of the hook's budget.
Annotations are evaluated here: as texts each field's would be compiled on import, a third of this module's time.
"""

from typing import Any, NamedTuple

SEVERITIES = ('info', 'low', 'medium', 'high', 'critical')
CONFIDENCES = ('low', 'medium', 'high')
ROLES = ('api-key', 'secret', 'passphrase', 'private-key', 'mnemonic', 'token', 'url', 'password')
# What a key may do, from harmless to all.
LEVELS = ('read', 'trade', 'margin', 'derivatives', 'transfer', 'withdraw', 'admin')
# Numbers of the policies that a user may change.
THRESHOLDS = ('max-age-days', 'max-keys', 'shortest-ipv4-prefix', 'shortest-ipv6-prefix')
ENVIRONMENTS = ('live', 'testnet', 'paper', 'unknown')


class Origin(NamedTuple):
    """One place where a blob was seen."""

    path: str
    commit: str | None = None


class Blob(NamedTuple):
    """Bytes and the place they came from."""

    data: bytes
    origin: Origin


class Unread(NamedTuple):
    """A file that a worker will open: the name for the system, and the path to report."""

    name: str
    path: str


class Skipped(NamedTuple):
    """Something that was left out on purpose; the summary counts it under `why`."""

    path: str
    why: str


class Cell(NamedTuple):
    """A notebook cell: its number counted from 0, its part (`source`, `output`, `metadata`), the line in the part."""

    number: int
    part: str
    line: int = 1


class Piece(NamedTuple):
    """A run of a fragment that lies unbroken in its blob: `scale` blob bytes stand behind each `step` fragment bytes (4 behind 3 in base64)."""

    start: int
    blob_start: int
    length: int
    scale: int = 1
    step: int = 1


class Setting(NamedTuple):
    """One key path and value of a structured document; `start` and `end` are the value's bytes in the fragment.

    `path` holds the mapping keys and list indexes from the root. `value` is the decoded value.
    """

    path: tuple[str, ...]
    value: bytes
    start: int
    end: int


class Fragment(NamedTuple):
    """Readable UTF-8 (or Latin-1) text cut from a blob, and the way back to bytes of the blob.

    `pieces` is empty when the fragment is the whole blob.
    """

    data: bytes
    pieces: tuple[Piece, ...] = ()
    cell: Cell | None = None
    container: str | None = None
    settings: tuple[Setting, ...] = ()


class Candidate(NamedTuple):
    """A value that could be a secret, and what its surroundings say of it.

    `start` and `end` are its bytes in the fragment. `name` is what the text binds it to (empty where
    nothing does), `path` its keys in a structured document. `role` is the part of a credential that
    the name promises, `is_strong` says that it does so beyond doubt. `token` is the rule's row that
    knows the value by its shape alone; `is_argument` marks values without a name of their own, such
    as the arguments of a call.
    """

    name: str
    value: bytes
    start: int
    end: int
    path: tuple[str, ...] = ()
    role: str | None = None
    is_strong: bool = False
    token: dict[str, Any] | None = None
    is_argument: bool = False

    @property
    def span(self) -> tuple[int, int]:
        """Return the bytes of the value in its fragment: no two candidates share them."""
        return self.start, self.end


class Hit(NamedTuple):
    """A part of a credential found in a fragment. It holds the value, so it dies inside the worker.

    `start` and `end` are its bytes in the fragment, `group` its keys in a structured document.
    """

    rule: str
    role: str
    value: bytes
    start: int
    end: int
    confidence: str
    name: str = ''
    group: tuple[str, ...] = ()
    environment: str | None = None


class Credential(NamedTuple):
    """Parts that belong together: one account's key, secret and passphrase.

    `environment` is `live`, `testnet`, `paper` or `unknown`; `fragment` is the number of the fragment
    that holds the parts.
    """

    rule: str
    hits: tuple[Hit, ...]
    environment: str
    fragment: int


class KeyDeclaration(NamedTuple):
    """What a document, an inventory, a configuration or a call says about one key. `places` gives the bytes of each statement.

    `levels` is None when nothing is said of rights. `restriction` is `none` (from anywhere), `listed` or `unknown` (nothing is said).
    `source` is `document`, `inventory`, `config` or `call`; dates are texts as they stand; `warnings` are what the dossier says of
    rights that do more than their names tell.
    """

    issuer: str | None
    source: str
    start: int
    end: int
    levels: frozenset[str] | None = None
    words: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    denied: frozenset[str] = frozenset()
    warnings: tuple[str, ...] = ()
    restriction: str = 'unknown'
    addresses: tuple[str, ...] = ()
    label: str = ''
    account: str = ''
    purpose: str = ''
    created: str = ''
    expires: str = ''
    rotate_after: str = ''
    used_by: tuple[str, ...] = ()
    secret_ref: str = ''
    inline: bool = False
    two_factor: bool | None = None
    environment: str = 'unknown'
    document: str = ''
    places: tuple[tuple[str, int, int], ...] = ()

    def place(self, topic: str) -> tuple[int, int]:
        """The bytes of what is said on a topic (a level, `ip`, `created` …), else those of the whole declaration."""
        return next(
            ((start, end) for name, start, end in self.places if name == topic),
            (self.start, self.end),
        )


class Place(NamedTuple):
    """A range in a file as people count it: lines and columns from 1, the end column exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


class Part(NamedTuple):
    """One part of a reported credential. `value` is None unless the user asked for `--show-secrets`."""

    role: str
    place: Place
    preview: str
    value: str | None = None


class Use(NamedTuple):
    """A call in the code that an exchange's key must allow: the level it needs (or `public`), how it stands there, and where."""

    issuer: str | None
    library: str
    level: str
    call: str
    path: str
    line: int
    column: int
    cell: int | None = None
    client: str = ''


class Client(NamedTuple):
    """An exchange client that the code builds. `references` are the names of variables and settings that its key comes from."""

    issuer: str | None
    library: str
    name: str
    path: str
    line: int
    has_key: bool
    references: tuple[str, ...] = ()
    environment: str = 'unknown'


class CodeFacts(NamedTuple):
    """What one Python file says about clients and calls. `loose` are calls on objects that another file must have built:
    the object's name, the method, the first argument, line and column. `is_exact` is False where a method's name is only known when
    the program runs.
    """

    path: str
    clients: tuple[Client, ...] = ()
    uses: tuple[Use, ...] = ()
    loose: tuple[tuple[str, str, str, int, int], ...] = ()
    exports: tuple[tuple[str, int], ...] = ()
    is_exact: bool = True
    is_parsed: bool = True


class Declared(NamedTuple):
    """What a finding about a declaration shows of it."""

    exchange: str | None
    label: str
    permissions: tuple[str, ...] | None
    ip_allowlist: tuple[str, ...] | None
    source: str


class Statement(NamedTuple):
    """Something wrong with what is said about a key: the rule, what to say of it, and the bytes of the fragment that it points at.

    `quote` is what the message repeats of the text, where values may stand.
    """

    rule: str
    severity: str
    title: str
    message: str
    do: tuple[str, ...]
    fragment: int
    start: int
    end: int
    said: KeyDeclaration | None
    identity: str
    quote: str = ''


class Keys(NamedTuple):
    """What a file says about keys: statements about single keys, the declarations (with their fragments) for the whole tree, and why
    some of it could not be read as a document.
    """

    statements: tuple[Statement, ...] = ()
    declarations: tuple[tuple[int, KeyDeclaration], ...] = ()
    unread: str = ''


class Related(NamedTuple):
    """Another place that a finding speaks of (the call that proves what the code needs), and what stands there."""

    path: str
    place: Place
    note: str
    cell: Cell | None = None


class Held(NamedTuple):
    """A commit that holds something: id, and when it was authored and committed (ISO 8601)."""

    commit: str
    authored: str
    committed: str


class Life(NamedTuple):
    """How long a repository's history has held a finding.

    `first` and `last` are the oldest and the newest commit that hold it (None where no commit does), `commits` how many do.
    `refs` are the names from which it can be reached, `is_reachable` whether any branch, tag, stash or other ref is among them;
    `others` says what else keeps it: `index`, `reflog of …`, `unreachable`. `on_remote` says whether a remote-tracking ref holds it or
    ever did, as far as the repository knows.
    """

    first: Held | None
    last: Held | None
    commits: int
    paths: tuple[str, ...]
    refs: tuple[str, ...]
    others: tuple[str, ...]
    in_head: bool
    is_reachable: bool
    on_remote: bool
    objects: tuple[str, ...] = ()


class Finding(NamedTuple):
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
    declaration: Declared | None = None
    related: tuple[Related, ...] = ()
    life: Life | None = None
    local: str = ''  # names it within its file; empty where the fingerprint names the value


class Failure(NamedTuple):
    """Something that should have been scanned and could not be."""

    path: str
    stage: str
    error: str


class Warned(NamedTuple):
    """Something the user should know about their own marks or configuration; never changes the exit code."""

    path: str
    line: int
    message: str


class Fact(NamedTuple):
    """A declaration on its way to the level of the whole tree, with the lines that it stands on and the marks that cover them."""

    path: str
    said: KeyDeclaration
    place: Place
    topics: tuple[tuple[str, Place], ...]
    accepted: tuple[tuple[int, tuple[str, ...], str], ...] = ()
    cell: Cell | None = None


class BlobResult(NamedTuple):
    """All that a worker says about one blob. `size` is its bytes, None where nothing was read; `skipped` says why not.

    `clean` names what a later run need not look at again (`keylint.pipeline.clean_cache`); `is_unchanged` says that this one did not.
    """

    findings: tuple[Finding, ...] = ()
    failures: tuple[Failure, ...] = ()
    warnings: tuple[Warned, ...] = ()
    size: int | None = None
    skipped: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    clean: bytes = b''
    is_unchanged: bool = False


class Report:
    """The whole run, filled by the pipeline and read by the reporters. The one noun that changes.

    `files` counts what `unit` names: files, or objects of a history; `unchanged` those among them in which an earlier run found nothing.
    `paths` are those that were asked for; a history names none.
    """

    __slots__ = (
        'bytes',
        'facts',
        'failures',
        'files',
        'findings',
        'paths',
        'seconds',
        'skipped',
        'unchanged',
        'unit',
        'warnings',
    )

    def __init__(self, unit: str = 'file') -> None:
        self.unit = unit
        self.findings: list[Finding] = []
        self.facts: list[Fact] = []
        self.failures: list[Failure] = []
        self.warnings: list[Warned] = []
        self.skipped: dict[str, int] = {}
        self.paths: list[str] = []
        self.files = 0
        self.unchanged = 0
        self.bytes = 0
        self.seconds = 0.0

    @property
    def open(self) -> list[Finding]:
        """The findings that nobody has accepted: neither suppressed by a mark nor known to the baseline."""
        return [finding for finding in self.findings if finding.state == 'open']

    def skip(self, why: str) -> None:
        """Count something that is left out on purpose."""
        self.skipped[why] = self.skipped.get(why, 0) + 1

    def sort(self) -> None:
        """The same order whatever the workers did."""
        self.findings.sort(
            key=lambda f: (f.path, f.place.line, f.place.column, f.rule, f.fingerprint)
        )
        self.failures.sort(key=lambda f: (f.path, f.stage))
        self.warnings.sort(key=lambda w: (w.path, w.line))

    def add(self, result: BlobResult) -> None:
        """Take in what a worker says."""
        self.findings += result.findings
        self.facts += result.facts
        self.failures += result.failures
        self.warnings += result.warnings
        if result.size is not None:
            self.files += 1
            self.unchanged += result.is_unchanged
            self.bytes += result.size
        for why in result.skipped:
            self.skip(why)

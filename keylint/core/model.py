"""The data types for texts, declarations and findings; a run without findings does not load them.

Spans are half-open byte offsets.

These are named tuples, not dataclasses, because `dataclasses` imports `inspect`, a quarter of the
hook's budget. Annotations are evaluated here: if they were strings, each would be compiled on
import.
"""

from keylint.core.claims import Claim, find_claim
from keylint.core.excerpt import ExcerptLine
from keylint.core.finding_text import describe_finding, describe_part, format_line
from keylint.core.lifetime import CommitRef as CommitRef
from keylint.core.lifetime import Lifetime as Lifetime
from keylint.core.records import NamedTuple
from keylint.core.terms import (
    Confidence,
    DeclarationSource,
    Environment,
    FindingState,
    IssuerKind,
    PartKind,
    Permission,
    Restriction,
    Severity,
)
from keylint.core.value_traces import ValueTrace


class Cell(NamedTuple):
    """A notebook cell: number from 0, part (`source`, `output`, `metadata`), line in the part."""

    number: int
    part: str
    line: int = 1


class OffsetSegment(NamedTuple):
    """A contiguous run in the blob: `scale` blob bytes for each `step` (4 for 3 in base64)."""

    start: int
    blob_start: int
    length: int
    scale: int = 1
    step: int = 1


class Setting(NamedTuple):
    """One key path and value of a structured document.

    `start` and `end` are the value's bytes, `path` has the mapping keys and list indexes from the
    root, `value` is the decoded value.
    """

    path: tuple[str, ...]
    value: bytes
    start: int
    end: int


class Fragment(NamedTuple):
    """Readable UTF-8 (or Latin-1) text cut from a blob; no `pieces` if it is the whole blob.

    `nearby` are the issuers that the nearest other cell of a notebook mentions.
    """

    data: bytes
    pieces: tuple[OffsetSegment, ...] = ()
    cell: Cell | None = None
    container: str | None = None
    settings: tuple[Setting, ...] = ()
    nearby: frozenset[str] = frozenset()


class TokenPattern(NamedTuple):
    """A part of a credential that is found by its shape alone.

    `group` is the group of `pattern` that matches the value, `width` the most bytes of a match.
    With `files` it counts only in files of these names; `is_whole` as in `SecretPart`.
    """

    rule: str
    role: PartKind
    pattern: bytes
    group: int
    check: str | None
    environment: Environment | None
    kind: IssuerKind
    width: int
    files: tuple[str, ...] = ()
    is_whole: bool = False


class Candidate(NamedTuple):
    """A value that could be a secret, and the evidence around it.

    `start` and `end` are its bytes in the fragment. `name` is the name that the text binds it to
    (empty if there is none), `path` its keys in a structured document. `role` is the part of a
    credential that the name promises, `is_strong` says that it does so beyond doubt. `token` is the
    rule's row that recognises the value by its shape alone; `is_argument` marks values without a
    name of their own, such as the arguments of a call.
    """

    name: str
    value: bytes
    start: int
    end: int
    path: tuple[str, ...] = ()
    role: PartKind | None = None
    is_strong: bool = False
    token: TokenPattern | None = None
    is_argument: bool = False

    @property
    def span(self) -> tuple[int, int]:
        """Return the bytes of the value in its fragment: no two candidates share them."""
        return self.start, self.end


class SecretPart(NamedTuple):
    """A part of a credential found in a fragment. It has the value, so it never leaves the worker.

    `start` and `end` are its bytes, `group` its keys in a structured document. With `is_whole` it
    needs no other part, by its shape. With `is_guess` only shapes point to the issuer.
    """

    rule: str
    role: PartKind
    value: bytes
    start: int
    end: int
    confidence: Confidence
    name: str = ''
    group: tuple[str, ...] = ()
    environment: Environment | None = None
    is_whole: bool = False
    is_guess: bool = False


class Credential(NamedTuple):
    """Parts that belong together: one account's key, secret and passphrase.

    `environment` claims `live`, `testnet`, `paper` or `unknown`; `fragment` is the number of the
    fragment with the parts. `claims` are the other conclusions, such as a guessed issuer.
    """

    rule: str
    parts: tuple[SecretPart, ...]
    environment: Claim
    fragment: int
    claims: tuple[Claim, ...] = ()


class KeyDeclaration(NamedTuple):
    """What a document, an inventory, a configuration or a call says about one key.

    Offsets are bytes of the fragment, in `places` by topic. `permissions` is None if none are
    stated, `grants` has each word with the permissions it grants, `is_sample` says that the value
    is made up.
    """

    issuer: str | None
    source: DeclarationSource
    start: int
    end: int
    permissions: frozenset[Permission] | None = None
    words: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    denied: frozenset[Permission] = frozenset()
    restriction: Restriction = 'unknown'
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
    second_factor: str = ''
    status: str = ''
    is_sample: bool = False
    environment: Environment = 'unknown'
    document: str = ''
    places: tuple[tuple[str, int, int], ...] = ()
    grants: tuple[tuple[str, frozenset[Permission]], ...] = ()

    def span_of(self, topic: str) -> tuple[int, int]:
        """Return the bytes of the statement on a topic, else those of the whole declaration."""
        return next(
            ((start, end) for name, start, end in self.places if name == topic),
            (self.start, self.end),
        )


class SourceRange(NamedTuple):
    """A range in a file as people count it: lines and columns from 1, the end column exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


# Used until the lines of a file have been counted.
NO_RANGE = SourceRange(0, 0, 0, 0)


class FindingPart(NamedTuple):
    """One part of a reported credential.

    `value` is None unless `--show-secrets` is set. `trace` finds the value again in texts to be
    printed (None for a few characters), `identity` distinguishes values within the run (0: not
    known).
    """

    role: PartKind
    place: SourceRange
    preview: str
    value: str | None = None
    trace: ValueTrace | None = None
    identity: int = 0

    def __repr__(self) -> str:
        return describe_part(self)


class DeclarationSummary(NamedTuple):
    """The part of a declaration that a finding shows."""

    exchange: str | None
    label: str
    permissions: tuple[Permission, ...] | None
    ip_allowlist: tuple[str, ...] | None
    source: DeclarationSource


class RelatedLocation(NamedTuple):
    """Another place that a finding mentions, such as the call that proves what the code needs."""

    path: str
    place: SourceRange
    note: str
    cell: Cell | None = None


class Finding(NamedTuple):
    """A finding as it leaves the worker: plain, sortable, without any secret.

    `claims` are the conclusions about the key, each with its proof; `missing` are parts of such
    keys that were not found; `copies` the same value elsewhere; `why` the rule's part of `message`.
    """

    path: str
    place: SourceRange
    rule: str
    severity: Severity
    confidence: Confidence
    issuer: str | None
    claims: tuple[Claim, ...]
    title: str
    message: str
    do: tuple[str, ...]
    parts: tuple[FindingPart, ...]
    fingerprint: str
    help_url: str
    excerpt: tuple[ExcerptLine, ...] = ()
    cell: Cell | None = None
    container: str | None = None
    commit: str | None = None
    state: FindingState = 'open'
    reason: str | None = None
    declaration: DeclarationSummary | None = None
    related: tuple[RelatedLocation, ...] = ()
    life: Lifetime | None = None
    local: str = ''  # names it within its file; empty where the fingerprint names the value
    missing: tuple[PartKind, ...] = ()
    copies: tuple['Finding', ...] = ()
    why: str = ''

    def __str__(self) -> str:
        return format_line(self)

    def __repr__(self) -> str:
        return describe_finding(self)

    @property
    def environment_claim(self) -> Claim:
        """Return the claim on the environment, or one of the value `unknown` if there is none."""
        return find_claim(self.claims, 'environment')

    @property
    def environment(self) -> str:
        """Return live, testnet, paper or unknown, proven or not."""
        return self.environment_claim.value

    @property
    def environment_proof(self) -> str:
        """Return the evidence for the environment, as reports print it; empty if it is unknown."""
        proof = self.environment_claim.proof
        return proof.describe() if proof is not None else ''


class Suppression(NamedTuple):
    """A comment that accepts findings: its line and the lines that it covers (from 1).

    `rules` are the rules that it accepts (empty: all); `is_own` separates it from another
    scanner's. `reach` are the columns that it covers on a long line, None for all. `is_bare` says
    that its line contains nothing else: it then applies to what begins on the next line. One that
    `is_mistaken` is written as no mark is, and accepts nothing.
    """

    line: int
    covers: tuple[int, ...]
    rules: tuple[str, ...]
    reason: str
    is_own: bool
    reach: tuple[int, int] | None = None
    is_bare: bool = False
    is_mistaken: bool = False


class DeclarationRecord(NamedTuple):
    """A declaration for the policies of the whole tree, which no longer have its file.

    It therefore has the places of the whole and of each topic, and the suppressions of its file.
    """

    path: str
    declaration: KeyDeclaration
    place: SourceRange
    topics: tuple[tuple[str, SourceRange], ...]
    suppressions: tuple[Suppression, ...] = ()

    def place_of(self, topic: str) -> SourceRange:
        """Return the place of the statement on a topic, else the place of the whole declaration."""
        return next((place for name, place in self.topics if name == topic), self.place)

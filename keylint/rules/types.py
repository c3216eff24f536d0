"""Records of the compiled rules that detection and reports read.

The cache of the rules has plain tuples, which load fastest; `from_row` makes records from them.
Each class costs a scan some 0.2 ms of its start, so those that only declarations, policies or code
need are in modules of their own. Annotations are evaluated, as in `keylint.core.model`.
"""

import marshal
from collections.abc import Iterator, Mapping
from functools import cached_property

from keylint.core.lazy_typing import Any, Literal
from keylint.core.records import NamedTuple
from keylint.core.terms import Environment, IssuerKind, PartKind, Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keylint.rules.declaration_types import DeclarationSpec

Status = Literal['live', 'closed']
# How sure a shape is: printed by the vendor, seen in public files, or a guess that needs context.
ShapeConfidence = Literal['documented', 'seen', 'inferred']
# A row in the cache: the fields of a record in order, as plain tuples.
Row = tuple[Any, ...]


class PartSpec(NamedTuple):
    """One part of an issuer's credential.

    `shape` is the regular expression of the whole value, `check` names a checksum
    (`keylint.validators.checksums`), `environment` is set if the shape itself determines it.
    `is_by_place`: only the surroundings of a value make it this part, never its name.
    `needs_issuer`: other issuers' values have this shape and pass the check, so a word of the
    issuer must support it. `is_whole`: it can be used alone, whatever other parts there are.
    """

    role: PartKind
    shape: bytes
    confidence: ShapeConfidence
    check: str | None
    environment: Environment | None
    is_by_place: bool = False
    needs_issuer: bool = False
    is_whole: bool = False


class EnvironmentMarks(NamedTuple):
    """The marks of a credential for a test network or a simulated account, or for the live system.

    `switches` are settings and arguments with which SDKs choose it: a name that is switched on, or
    `name=value`. `constants` are names that SDKs give it. `same_keys`: the keys open the live
    system as well, so the environment is never more than likely.
    """

    words: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    switches: tuple[str, ...] = ()
    constants: tuple[str, ...] = ()
    same_keys: bool = False


class CredentialSeverity(NamedTuple):
    """Severities of a complete credential, of a secret without its key, and of a key id alone."""

    complete: Severity
    secret: Severity
    key: Severity


class _RuleFields(NamedTuple):
    name: str
    kind: IssuerKind
    status: Status
    credentials: tuple[PartSpec, ...]
    roles: tuple[PartKind, ...]
    environments: dict[Environment, EnvironmentMarks]
    complete: tuple[tuple[PartKind, ...], ...]
    why: str
    do: tuple[str, ...]
    severity: CredentialSeverity
    manage: str | None
    revoke: tuple[str, ...]
    declarations_row: bytes  # marshalled


class Rule(_RuleFields):
    """The rule of one issuer.

    `roles` are the kinds of its credential's parts, sorted, `complete` the sets of them that open
    an account together. `manage` is the address of the page where its keys are managed, `revoke`
    how a key is revoked there, `do` the steps after that.
    """

    @classmethod
    def from_row(cls, row: Row) -> 'Rule':
        """Make the record from a cached row; `declarations` are made on first use."""
        (
            name,
            kind,
            status,
            parts,
            roles,
            environments,
            complete,
            why,
            do,
            severity,
            manage,
            revoke,
            declarations_row,
        ) = row
        return cls(
            name,
            kind,
            status,
            tuple([PartSpec._make(part) for part in parts]),
            roles,
            {found: EnvironmentMarks._make(marks) for found, marks in environments.items()},
            complete,
            why,
            do,
            CredentialSeverity._make(severity),
            manage,
            revoke,
            declarations_row,
        )

    @cached_property
    def declarations(self) -> 'DeclarationSpec':
        """Return the rules for declarations about its keys, which secret scans do not need."""
        from keylint.rules.declaration_types import DeclarationSpec  # noqa: PLC0415 - see above

        row: Row = marshal.loads(self.declarations_row)  # noqa: S302 - of our own cache
        return DeclarationSpec.from_row(row)


class RuleIndex(Mapping[str, Rule]):
    """The rules of issuers, made of the cached rows (`marshal`) when somebody asks for them."""

    def __init__(self, rows: dict[str, bytes]) -> None:
        self._rows = rows
        self._made: dict[str, Rule] = {}

    def __getitem__(self, issuer: str) -> Rule:
        """Return the rule of an issuer. Raises KeyError."""
        rule = self._made.get(issuer)
        if rule is None:
            rule = self._made[issuer] = Rule.from_row(
                marshal.loads(self._rows[issuer])  # noqa: S302 - of our own cache
            )
        return rule

    def __contains__(self, issuer: object) -> bool:
        return issuer in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


class GenericRule(NamedTuple):
    """A rule that belongs to no issuer. The last three are those of a `Rule`."""

    title: str
    why: str
    do: tuple[str, ...]
    severity: CredentialSeverity
    status: Status = 'live'
    manage: str | None = None
    revoke: tuple[str, ...] = ()


class CompiledTables(NamedTuple):
    """All compiled rules, in plain tuples, dictionaries and texts, for `marshal`.

    The first three are the rows and patterns of the matcher. `without_issuer` are rules whose kind
    has none. `aliases` maps words to issuers, `titles` what else they are called, `names` names of
    parts to pairs of issuer and kind of part, all squeezed; `words` are texts that identify an
    issuer: the text, whether it must be a whole word, the issuer. `documents` maps the first keys
    of vendors' documents (squeezed) to pairs of issuer and index in the dossier, `own_names` names
    of parts (squeezed) to the issuers of whom they are words, `asks` requests by their issuers,
    `setup_texts` the forms of each language by their names, `marking_keys` the keys (squeezed) that
    the pattern of keys of vendors' documents finds, `other_issuers` words of issuers without a
    dossier, `shared_heads` what tokens of several issuers begin with. The rows of `rules` and
    `libraries` are bytes of `marshal`: few are read in one run.
    """

    tokens: list[Row]
    plugins: list[Row]
    patterns: list[bytes]
    rules: dict[str, bytes]
    without_issuer: list[str]
    aliases: dict[str, list[str]]
    titles: dict[str, list[str]]
    names: dict[str, list[tuple[str, PartKind]]]
    words: list[tuple[str, bool, str]]
    published: list[bytes]
    known: list[str]
    placeholders: tuple[list[bytes], int]
    phrases: dict[str, Row]
    policies: Row
    libraries: list[bytes]
    documents: dict[str, list[tuple[str, int]]]
    own_names: dict[str, list[str]]
    asks: dict[str, list[Row]]
    setup_texts: list[tuple[tuple[str, tuple[str, ...]], ...]]
    marking_keys: list[str]
    other_issuers: list[str]
    shared_heads: list[bytes]

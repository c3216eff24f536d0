"""Records of the compiled rules, as detection, declarations, policies and reports read them.

The cache of the rules holds plain tuples, which load fastest; `from_row` makes records of them.
Annotations are evaluated here, as in `keylint.core.model`.
"""

from functools import cached_property
from typing import Any, Literal, NamedTuple

from keylint.core.model import Environment, PartKind, Permission, Severity

IssuerKind = Literal[
    'exchange',
    'broker',
    'bot-platform',
    'rpc',
    'data',
    'messaging',
    'wallet',
    'cloud',
    'vcs',
    'ai',
    'payment',
    'package-registry',
    'database',
]
Status = Literal['live', 'closed']
# How sure a shape is: printed by the vendor, seen in public files, or a guess that needs context.
ShapeConfidence = Literal['documented', 'seen', 'inferred']
# What a field of a vendor's document grants: a permission; `read-only`, a switch behind which
# nothing but reading is left; or `words`, where the value itself holds words of permissions.
Right = Permission | Literal['read-only', 'words']
Rights = Right | list[Right]
Scalar = str | int | float | bool | None
# A row as the cache holds it: the fields of a record in order, as plain tuples.
Row = tuple[Any, ...]


class PartSpec(NamedTuple):
    """One part of an issuer's credential.

    `shape` is the regular expression of the whole value, `check` names a checksum
    (`keylint.validators.checksums`), `environment` is set where the shape itself tells it.
    """

    role: PartKind
    shape: bytes
    confidence: ShapeConfidence
    check: str | None
    environment: Environment | None


class EnvironmentMarks(NamedTuple):
    """What tells that a credential opens a test network or a simulated account."""

    words: tuple[str, ...]
    hosts: tuple[str, ...]


class CredentialSeverity(NamedTuple):
    """Severities of a complete credential, of a secret without its key, and of a key id alone."""

    complete: Severity
    secret: Severity
    key: Severity


class PermissionWord(NamedTuple):
    """A vendor's word for a permission.

    `label` is the text on the vendor's page, `warning` what the word allows beyond its name.
    """

    word: str
    permissions: tuple[Permission, ...]
    label: str | None
    warning: str | None


class IpPolicy(NamedTuple):
    """What a vendor's lists of IP addresses can do.

    `limit` counts entries, `unrestricted` says what happens to a key without a list.
    """

    supported: Literal['yes', 'no'] = 'yes'
    cidr: Literal['yes', 'no', 'unknown'] = 'unknown'
    ui: str | None = None
    limit: int | None = None
    unrestricted: str | None = None


class WordField(NamedTuple):
    """In the rows of a list: the field that holds the word, and the switch that limits it."""

    word: str
    read_only: str | None = None


class RowColumns(NamedTuple):
    """The columns of rows that are lists themselves (`word`, `read`, `write`)."""

    rows: tuple[str, ...]


Meaning = Rights | WordField | RowColumns | dict[Scalar, Rights]


class DocumentAddresses(NamedTuple):
    """What a vendor's document says about IP addresses.

    `keys` hold the addresses; `absent` says what it means that none of them is there;
    `restricted` and `anyone` map keys to the values that mean a list, or none.
    """

    keys: tuple[str, ...]
    absent: Literal['anyone', 'unstated']
    restricted: dict[str, Scalar | list[Scalar]]
    anyone: dict[str, Scalar | list[Scalar]]


class DocumentShape(NamedTuple):
    """An answer or a request of a vendor's API: a mapping with all of `keys` is this document.

    `endpoint` holds methods and paths, with ` ; ` between them. `rights` maps keys or dotted paths
    to what they grant. The last four name the keys that hold these facts.
    """

    name: str
    keys: tuple[str, ...]
    endpoint: str
    needs_issuer: bool
    rights: dict[str, Meaning]
    ip: DocumentAddresses | None
    label: str | None
    account: str | None
    created: str | None
    expires: str | None

    @classmethod
    def from_row(cls, row: Row) -> 'DocumentShape':
        """Make the record of a cached row."""
        shape = cls._make(row)
        return shape._replace(
            rights={key: _make_meaning(meaning) for key, meaning in shape.rights.items()},
            ip=None if shape.ip is None else DocumentAddresses._make(shape.ip),
        )

    def list_write_paths(self) -> list[str]:
        """List the paths of the endpoints that change something (POST, PUT).

        A path ends before its first parameter (`/keys/{id}` gives `/keys`); paths of one part
        are left out.
        """
        endpoints = [endpoint.split() for endpoint in self.endpoint.split(';')]
        return [
            words[1].split('{')[0].rstrip('/')
            for words in endpoints
            if len(words) > 1 and words[0] in ('POST', 'PUT') and words[1].count('/') > 1
        ]


def _make_meaning(meaning: Any) -> Meaning:
    if isinstance(meaning, dict) and 'word' in meaning:
        return WordField(**meaning)
    if isinstance(meaning, dict) and 'rows' in meaning:
        return RowColumns(tuple(meaning['rows']))
    made: Meaning = meaning
    return made


class KeyCall(NamedTuple):
    """A method of a library that creates or edits keys.

    Its keyword arguments are the keys of the document called `document`; `positional` names those
    without a keyword. With `no_ip` the call cannot restrict addresses.
    """

    library: str
    call: str
    document: str
    positional: tuple[str, ...]
    no_ip: bool


class DeclarationSpec(NamedTuple):
    """What declarations about one issuer's keys are read by."""

    name: str
    permissions: tuple[PermissionWord, ...] = ()
    ip: IpPolicy = IpPolicy()
    documents: tuple[DocumentShape, ...] = ()
    calls: tuple[KeyCall, ...] = ()

    @classmethod
    def from_row(cls, row: Row) -> 'DeclarationSpec':
        """Make the record of a cached row, with those in it."""
        name, permissions, ip, documents, calls = row
        return cls(
            name,
            tuple(map(PermissionWord._make, permissions)),
            IpPolicy._make(ip),
            tuple(map(DocumentShape.from_row, documents)),
            tuple(map(KeyCall._make, calls)),
        )


class _RuleFields(NamedTuple):
    name: str
    kind: IssuerKind
    status: Status
    credentials: tuple[PartSpec, ...]
    roles: tuple[PartKind, ...]
    environments: dict[Environment, EnvironmentMarks]
    why: str
    do: tuple[str, ...]
    severity: CredentialSeverity
    manage: str | None
    revoke: tuple[str, ...]
    declarations_row: Row


class Rule(_RuleFields):
    """The rule of one issuer.

    `roles` are the kinds of its credential's parts, sorted. `manage` is the address of the page
    where its keys are managed, `revoke` how a key is revoked there, `do` the steps after that.
    """

    @classmethod
    def from_row(cls, row: Row) -> 'Rule':
        """Make the record of a cached row; `declarations` follow when somebody asks for them."""
        rule = cls._make(row)
        environments = rule.environments.items()
        return rule._replace(
            credentials=tuple(map(PartSpec._make, rule.credentials)),
            environments={name: EnvironmentMarks._make(marks) for name, marks in environments},
            severity=CredentialSeverity._make(rule.severity),
        )

    @cached_property
    def declarations(self) -> DeclarationSpec:
        """What declarations about its keys are read by: a scan for secrets needs nothing of it."""
        return DeclarationSpec.from_row(self.declarations_row)


class GenericRule(NamedTuple):
    """A rule that belongs to no issuer. The last three are those of a `Rule`."""

    title: str
    why: str
    do: tuple[str, ...]
    severity: CredentialSeverity
    status: Status = 'live'
    manage: str | None = None
    revoke: tuple[str, ...] = ()


class TokenPattern(NamedTuple):
    """A part of a credential that is found by its shape alone.

    `group` is the group of `pattern` that holds the value, `width` the most bytes that a match
    can have.
    """

    rule: str
    role: PartKind
    pattern: bytes
    group: int
    check: str | None
    environment: Environment | None
    kind: IssuerKind
    width: int


class PolicyText(NamedTuple):
    """The texts of a policy with their placeholders, and its severities by case (and `else`)."""

    title: str
    severity: dict[str, Severity]
    why: str
    do: tuple[str, ...]


class PolicySettings(NamedTuple):
    """The file of policies.

    Defaults of `[policies]` by name; the addresses from which a service sends for all its users,
    by service; texts by policy.
    """

    thresholds: dict[str, int]
    third_party_addresses: dict[str, tuple[str, ...]]
    texts: dict[str, PolicyText]

    @classmethod
    def from_row(cls, row: Row) -> 'PolicySettings':
        """Make the record of a cached row."""
        thresholds, addresses, texts = row
        made = {name: PolicyText._make(text) for name, text in texts.items()}
        return cls(thresholds, addresses, made)


class MethodSpec(NamedTuple):
    """Methods of a library that need one level; `names` is a regular expression of whole names."""

    level: Permission | Literal['public', 'context']
    names: str


class LibrarySpec(NamedTuple):
    """A library whose calls tell which permissions a program needs.

    `exchange` is None where the class names it; `classes` is a regular expression of client
    classes; `hosts` are parts of addresses, `markers` headers or parameters that carry a key.
    """

    id: str
    exchange: str | None
    modules: tuple[str, ...]
    classes: str | None
    hosts: tuple[str, ...]
    markers: tuple[str, ...]
    methods: tuple[MethodSpec, ...]
    source: str

    @classmethod
    def from_row(cls, row: Row) -> 'LibrarySpec':
        """Make the record of a cached row."""
        spec = cls._make(row)
        return spec._replace(methods=tuple(map(MethodSpec._make, spec.methods)))


class CompiledTables(NamedTuple):
    """All that is compiled of the rules, in plain tuples, dictionaries and texts, for `marshal`.

    The first three are the rows and patterns of the matcher. `aliases` maps words to issuers,
    `names` names of parts to pairs of issuer and kind of part, both squeezed; `words` are texts
    that tell an issuer: the text, whether it must be a whole word, the issuer.
    """

    tokens: list[Row]
    plugins: list[str]
    patterns: list[bytes]
    rules: dict[str, Row]
    aliases: dict[str, list[str]]
    names: dict[str, list[tuple[str, PartKind]]]
    words: list[tuple[str, bool, str]]
    published: list[bytes]
    known: list[str]
    placeholders: tuple[list[bytes], int]
    phrases: dict[str, Row]
    policies: Row
    libraries: list[Row]

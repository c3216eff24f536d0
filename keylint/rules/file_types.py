"""Types of the rule files, once the tables of `schema` and `declared_schema` have checked them.

A key that a table neither requires nor fills in is `NotRequired`: tests/rules/test_file_types.py
checks that both agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NotRequired, TypeAlias, TypedDict

from keylint.core.terms import Environment, IssuerKind, PartKind, Permission, Severity
from keylint.rules.box_types import BoxKind, KeyRights, SubAccounts
from keylint.rules.declaration_types import Rights, Scalar
from keylint.rules.types import ShapeConfidence, Status

Level: TypeAlias = Permission | list[Permission]


class ContextTable(TypedDict):
    """Literals that identify an issuer in the file that contains them."""

    imports: NotRequired[list[str]]
    hosts: NotRequired[list[str]]
    strings: NotRequired[list[str]]


class CredentialTable(TypedDict):
    """One part of a credential, in one of its shapes."""

    role: PartKind
    shape: str
    confidence: ShapeConfidence
    names: NotRequired[list[str]]
    alone: NotRequired[bool]
    within: NotRequired[str]
    files: NotRequired[list[str]]
    whole: NotRequired[bool]
    needs_issuer: NotRequired[bool]
    check: NotRequired[str]
    environment: NotRequired[Environment]
    published: NotRequired[list[str]]
    source: NotRequired[str]
    note: NotRequired[str]


class EnvironmentTable(TypedDict):
    """The marks of a credential for a test system, or for the live one."""

    words: NotRequired[list[str]]
    hosts: NotRequired[list[str]]
    switches: NotRequired[list[str]]
    constants: NotRequired[list[str]]
    same_keys: NotRequired[bool]


class HelpTable(TypedDict):
    """The steps after a leak."""

    why: NotRequired[str]
    manage: NotRequired[str]
    docs: NotRequired[str]
    revoke: list[str]
    note: NotRequired[str]


class PermissionTable(TypedDict):
    """A vendor's word for a permission."""

    word: str
    level: Level
    ui: NotRequired[str]
    says: NotRequired[str]
    where: NotRequired[str]
    kind: BoxKind
    read_only: NotRequired[bool]
    needs: NotRequired[list[str]]
    excludes: NotRequired[list[str]]
    confidence: ShapeConfidence


class KeyPageTable(TypedDict):
    """How a key is made at the vendor's page."""

    rights: NotRequired[KeyRights]
    steps: NotRequired[list[str]]
    sub_accounts: NotRequired[SubAccounts]
    use_cases: NotRequired[dict[str, list[str]]]
    sources: NotRequired[list[str]]
    note: NotRequired[str]


class IpTable(TypedDict):
    """The IP allowlists that a vendor offers."""

    supported: Literal['yes', 'no']
    ui: NotRequired[str]
    limit: NotRequired[int]
    cidr: Literal['yes', 'no', 'unknown']
    required_for: NotRequired[str]
    unrestricted: NotRequired[str]
    confidence: ShapeConfidence
    sources: NotRequired[list[str]]
    note: NotRequired[str]


class DocumentIpTable(TypedDict):
    """The statements of a document about addresses."""

    list: NotRequired[str | list[str]]
    absent: Literal['anyone', 'unstated']
    restricted: NotRequired[dict[str, Scalar | list[Scalar]]]
    anyone: NotRequired[dict[str, Scalar | list[Scalar]]]


class WordFieldTable(TypedDict):
    """The field of a row that contains the word for a permission."""

    word: str
    read_only: NotRequired[str]


class RowColumnsTable(TypedDict):
    """The columns of rows that are lists."""

    rows: list[str]


MeaningTable: TypeAlias = Rights | WordFieldTable | RowColumnsTable | dict[Scalar, Rights]


class DocumentTable(TypedDict):
    """A saved answer or request that says what a key may do."""

    name: str
    endpoint: NotRequired[str | list[str]]
    keys: list[str]
    needs_issuer: bool
    rights: NotRequired[dict[str, MeaningTable]]
    ip: NotRequired[DocumentIpTable]
    label: NotRequired[str]
    account: NotRequired[str]
    created: NotRequired[str]
    expires: NotRequired[str]
    confidence: ShapeConfidence
    source: NotRequired[str]
    note: NotRequired[str]


class AskTable(TypedDict):
    """A request with which an owner asks what a key may do."""

    request: str
    document: str
    ccxt: str
    credentials: list[str]
    arguments: NotRequired[list[str]]
    note: NotRequired[str]


class CallTable(TypedDict):
    """A call of a library that creates or edits keys."""

    library: str
    call: str
    document: str
    positional: NotRequired[list[str]]
    no_ip: NotRequired[bool]


class ExampleTable(TypedDict, total=False):
    """An example of a dossier (one file) or of a policy (one file, or a small tree of `files`).

    `roles`, `environment` and `by_name` belong to loud examples, `rules` to declarations.
    """

    file: str
    text: str
    files: dict[str, str]
    roles: list[PartKind]
    environment: Environment
    by_name: list[PartKind]
    rules: list[str]


ExampleTables: TypeAlias = Mapping[str, list[ExampleTable]]


class Dossier(TypedDict):
    """Everything that keylint knows about one issuer."""

    id: str
    name: str
    kind: IssuerKind
    status: Status
    id_is_alias: bool
    aliases: list[str]
    prefixes: NotRequired[list[str]]
    context: NotRequired[ContextTable]
    credentials: list[CredentialTable]
    complete: NotRequired[list[str]]
    environments: NotRequired[dict[Environment, EnvironmentTable]]
    permissions: NotRequired[list[PermissionTable]]
    key_page: NotRequired[KeyPageTable]
    ip: NotRequired[IpTable]
    documents: NotRequired[list[DocumentTable]]
    creates_keys: NotRequired[list[CallTable]]
    asks: NotRequired[list[AskTable]]
    help: HelpTable
    examples: NotRequired[ExampleTables]
    notes: NotRequired[list[str]]
    sources: NotRequired[list[str]]


class SeverityTable(TypedDict):
    """Severities of a leak by its content."""

    complete: Severity
    secret: Severity
    key: Severity


class KindTable(TypedDict):
    """The texts and severities of a kind of issuer."""

    why: str
    do: list[str]
    severity: SeverityTable


class PolicyTable(TypedDict):
    """The texts of a policy, and its severities by case (and `else`)."""

    id: str
    title: str
    severity: dict[str, Severity]
    why: str
    do: list[str]


PoliciesFile = TypedDict(
    'PoliciesFile',
    {
        'thresholds': dict[str, int],
        'third-party-addresses': dict[str, list[str]],
        'policies': list[PolicyTable],
    },
)


class MethodTable(TypedDict):
    """Methods of a library that need one level."""

    level: Permission | Literal['public', 'context', 'path']
    names: str
    base: NotRequired[str]


class LibraryTable(TypedDict):
    """A library whose calls show which permissions a program needs."""

    id: str
    exchange: NotRequired[str | None]
    modules: list[str]
    classes: NotRequired[str]
    hosts: NotRequired[list[str]]
    markers: NotRequired[list[str]]
    bases: NotRequired[list[str]]
    chain: NotRequired[str]
    language: NotRequired[str]
    delegates: NotRequired[list[str]]
    exchanges: NotRequired[list[str]]
    factories: NotRequired[str]
    sieve: NotRequired[str]
    like: NotRequired[str]
    methods: NotRequired[list[MethodTable]]
    source: str


class LibrariesFile(TypedDict):
    """The file of libraries."""

    libraries: list[LibraryTable]


class PlaceholderFamily(TypedDict):
    """A regular expression of placeholders for secrets."""

    regex: str


class PlaceholdersFile(TypedDict):
    """Families that apply to every value, and those that apply to words only."""

    patterns: list[PlaceholderFamily]
    words: list[PlaceholderFamily]


class LanguageTable(TypedDict):
    """The phrases of one language that ask for too much in set-up texts."""

    id: str
    gate: list[str]
    says: list[str]
    open: list[str]
    share: list[str]


class SetupTextsFile(TypedDict):
    """The file of set-up texts."""

    languages: list[LanguageTable]


class OtherIssuerTable(TypedDict):
    """Words of issuers without a dossier."""

    exchanges: list[str]
    services: list[str]


class SharedHeadTable(TypedDict):
    """The head of tokens that several issuers give out."""

    head: str
    source: str


class OtherIssuersFile(TypedDict):
    """The file of issuers that have no dossier."""

    names: OtherIssuerTable
    shared_heads: list[SharedHeadTable]


class SharedFiles(TypedDict):
    """The files that all dossiers share."""

    kinds: dict[IssuerKind, KindTable]
    known: object
    placeholders: PlaceholdersFile
    policies: PoliciesFile
    libraries: LibrariesFile
    setup_texts: SetupTextsFile
    other_issuers: OtherIssuersFile

"""Records of the compiled rules for reading declarations about keys."""

from typing import TYPE_CHECKING, Literal, cast

from keylint.core.records import NamedTuple
from keylint.core.terms import Permission
from keylint.rules.box_types import KeyPage

if TYPE_CHECKING:
    from keylint.rules.types import Row

# What a field of a vendor's document grants: a permission; `read-only`, a switch that leaves only
# reading; or `words`, if the value itself consists of words for permissions.
Right = Permission | Literal['read-only', 'words']
Rights = Right | list[Right]
Scalar = str | int | float | bool | None


class PermissionWord(NamedTuple):
    """A vendor's word for a permission.

    `label` is the text on the vendor's page, `warning` what the word allows beyond its name.
    """

    word: str
    permissions: tuple[Permission, ...]
    label: str | None
    warning: str | None


class IpPolicy(NamedTuple):
    """The IP allowlists that a vendor offers.

    `limit` counts entries; `unrestricted` says what happens to a key without a list, `required_for`
    what is impossible without one.
    """

    supported: Literal['yes', 'no'] = 'yes'
    cidr: Literal['yes', 'no', 'unknown'] = 'unknown'
    ui: str | None = None
    limit: int | None = None
    unrestricted: str | None = None
    required_for: str | None = None


class WordField(NamedTuple):
    """For rows of a list: the field with the word, and the switch that limits it."""

    word: str
    read_only: str | None = None


class RowColumns(NamedTuple):
    """The columns of rows that are lists themselves (`word`, `read`, `write`)."""

    rows: tuple[str, ...]


Meaning = Rights | WordField | RowColumns | dict[Scalar, Rights]


class DocumentAddresses(NamedTuple):
    """The statements of a vendor's document about IP addresses.

    `keys` contain the addresses; `absent` says what it means if none of them is present;
    `restricted` and `anyone` map keys to the values that mean a list, or none.
    """

    keys: tuple[str, ...]
    absent: Literal['anyone', 'unstated']
    restricted: dict[str, Scalar | list[Scalar]]
    anyone: dict[str, Scalar | list[Scalar]]


class DocumentShape(NamedTuple):
    """An answer or a request of a vendor's API: a mapping with all of `keys` is this document.

    `endpoint` has methods and paths, separated by ` ; `. `rights` maps keys or dotted paths to what
    they grant. The last four name the keys with these facts.
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
    def from_row(cls, row: 'Row') -> 'DocumentShape':
        """Make the record from a cached row, in which `rights` are as in the dossier."""
        name, keys, endpoint, needs_issuer, rights, ip, *fields = row
        return cls(
            name,
            keys,
            endpoint,
            needs_issuer,
            {key: _make_meaning(meaning) for key, meaning in rights.items()},
            None if ip is None else DocumentAddresses._make(ip),
            *fields,
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


def _make_meaning(meaning: object) -> Meaning:
    if isinstance(meaning, dict) and 'word' in meaning:
        return WordField(**meaning)
    if isinstance(meaning, dict) and 'rows' in meaning:
        return RowColumns(tuple(meaning['rows']))
    return cast('Meaning', meaning)


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
    """The rules for reading declarations about one issuer's keys."""

    name: str
    permissions: tuple[PermissionWord, ...] = ()
    ip: IpPolicy = IpPolicy()
    documents: tuple[DocumentShape, ...] = ()
    calls: tuple[KeyCall, ...] = ()
    page: KeyPage = KeyPage()

    @classmethod
    def from_row(cls, row: 'Row') -> 'DeclarationSpec':
        """Make the record from a cached row, with the records in it."""
        name, permissions, ip, documents, calls, page = row
        return cls(
            name,
            tuple(map(PermissionWord._make, permissions)),
            IpPolicy._make(ip),
            tuple(map(DocumentShape.from_row, documents)),
            tuple(map(KeyCall._make, calls)),
            KeyPage.from_row(page),
        )

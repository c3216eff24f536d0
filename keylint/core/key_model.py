"""The nouns of declarations and of code that uses keys; loaded only where a file speaks of either.

What a worker returns (`Finding`, `DeclarationRecord`) is in `core.model`.
"""

from typing import NamedTuple

from keylint.core.model import NO_RANGE, KeyDeclaration, RelatedLocation, SourceRange
from keylint.core.terms import Environment, Severity


class ApiCall(NamedTuple):
    """A call in the code that an exchange's key must allow.

    `permission` is what it needs, or `public`; `call` is the method or request as it stands there,
    `client` the receiver's name. `start` is its first byte in the decoded text. `place` and `cell`
    (the number of a notebook's cell) are filled in when the file's lines are counted.
    """

    issuer: str | None
    library: str
    permission: str
    call: str
    path: str
    start: int
    client: str = ''
    place: SourceRange = NO_RANGE
    cell: int | None = None


class Client(NamedTuple):
    """An exchange client that the code builds, and the first byte of the call that does.

    `references` are the names of variables and settings that its key comes from. `place` is filled
    in when the file's lines are counted.
    """

    issuer: str | None
    library: str
    name: str
    path: str
    start: int
    has_key: bool
    references: tuple[str, ...] = ()
    environment: Environment = 'unknown'
    place: SourceRange = NO_RANGE


class UnresolvedCall(NamedTuple):
    """A call on an object that another file must have built.

    `receivers` are the names, separated by blanks, under which that file may know the object;
    `first_argument` is its text, or empty.
    """

    receivers: str
    method: str
    first_argument: str
    start: int
    place: SourceRange = NO_RANGE


class CodeFacts(NamedTuple):
    """What one Python file says about clients and calls.

    `exports` are names under which other files may know the client with that index. `is_exact` is
    False where a method's name is only known when the program runs.
    """

    path: str
    clients: tuple[Client, ...] = ()
    calls: tuple[ApiCall, ...] = ()
    unresolved_calls: tuple[UnresolvedCall, ...] = ()
    exports: tuple[tuple[str, int], ...] = ()
    is_exact: bool = True
    is_parsed: bool = True


class Violation(NamedTuple):
    """A policy that a key, its declaration or the code that uses it breaks, its texts filled in.

    It points at `start:end` of a fragment, or, where the file is not at hand any more, at `place`
    of the file at `path`. `identity` is what its fingerprint is made from. `quote` is what the
    message repeats of the text, where values may stand.
    """

    rule: str
    severity: Severity
    title: str
    message: str
    steps: tuple[str, ...]
    identity: str
    declaration: KeyDeclaration | None = None
    fragment: int = 0
    start: int = 0
    end: int = 0
    path: str = ''
    place: SourceRange = NO_RANGE
    quote: str = ''
    related: tuple[RelatedLocation, ...] = ()


class DeclarationResult(NamedTuple):
    """What a file says about keys.

    `declarations` stand with the indexes of their fragments; policies of the whole tree look at
    them again. `unread` says why some of the file could not be read as a document.
    """

    violations: tuple[Violation, ...] = ()
    declarations: tuple[tuple[int, KeyDeclaration], ...] = ()
    unread: str = ''

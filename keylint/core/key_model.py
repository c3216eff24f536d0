"""The data types for declarations and for code that uses keys; loaded only for such files.

What a worker returns (`Finding`, `DeclarationRecord`) is in `core.model`.
"""

from keylint.core.lazy_typing import Literal
from keylint.core.model import NO_RANGE, KeyDeclaration, RelatedLocation, SourceRange
from keylint.core.records import NamedTuple
from keylint.core.terms import Environment, Severity

CallStanding = Literal['used', 'test', 'unreached']


class ApiCall(NamedTuple):
    """A call in the code that an exchange's key must allow.

    `permission` is what it needs, or `public`; `call` is the method or request as written, `client`
    the receiver's name. `start` is its first byte in the decoded text. `place` and `cell` (the
    number of a notebook's cell) are filled in when the file's lines are counted. `origins` are the
    paths and first bytes of the clients that it may be made on, `function` is the enclosing
    function. `standing` distinguishes calls in tests and in functions that nothing calls from other
    calls.
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
    origins: tuple[tuple[str, int], ...] = ()
    function: str = ''
    standing: CallStanding = 'used'


class Doubt(NamedTuple):
    """Something in the code that could not be read, so that a need is known only in part.

    `issuer` is empty if it may be any exchange of the file; `call` is the text, `why` says what is
    unknown about it. `origins` are as in `ApiCall`.
    """

    issuer: str | None
    call: str
    why: str
    path: str
    start: int
    place: SourceRange = NO_RANGE
    cell: int | None = None
    origins: tuple[tuple[str, int], ...] = ()


class Client(NamedTuple):
    """An exchange client that the code builds, and the first byte of the call that builds it.

    `references` are the names of variables and settings that its key comes from, `variables` the
    environment variables that they are known to contain. `is_main_wallet` is True if the key owns
    the funds. `place` is filled in when the file's lines are counted.
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
    variables: tuple[str, ...] = ()
    is_main_wallet: bool = False


class UnresolvedCall(NamedTuple):
    """A call on an object that another file must have built.

    `receivers` are the names, separated by blanks, under which that file may know the object;
    `first_argument` is its text, or empty. `owner` is the class of which the receiver is an
    attribute, if it is one, `function` the enclosing function. Only if `is_telling` is True does
    the method's name alone indicate an exchange.
    """

    receivers: str
    method: str
    first_argument: str
    start: int
    place: SourceRange = NO_RANGE
    owner: str = ''
    function: str = ''
    is_telling: bool = True


class Handover(NamedTuple):
    """A client that the code passes to a function or class of another file.

    `client` is its index, `position` that of the argument, or `keyword` its name. Without a client,
    the function passes on the value of its parameter `source`.
    """

    callee: str
    position: int
    keyword: str
    client: int
    start: int
    place: SourceRange = NO_RANGE
    source: str = ''


class FunctionUse(NamedTuple):
    """A function at the top of a file or a class, and the names that it mentions.

    `is_root` is True if something outside the tree may call it: a decorated function, a special
    method, a method of a class whose base is not in the tree.
    """

    name: str
    owner: str
    parameters: tuple[str, ...]
    mentions: frozenset[str]
    is_root: bool = False


class CodeFacts(NamedTuple):
    """The clients and calls in one Python file.

    `exports` are names under which other files may know the client with that index, `attributes`
    those that are attributes, with their class; `bases` has the classes' bases. `is_exact` is False
    if a method's name is only known when the program runs; `doubts` says where. `mentions` are
    the names outside functions, `wrappers` the functions whose callers choose the request.
    """

    path: str
    clients: tuple[Client, ...] = ()
    calls: tuple[ApiCall, ...] = ()
    unresolved_calls: tuple[UnresolvedCall, ...] = ()
    exports: tuple[tuple[str, int], ...] = ()
    is_exact: bool = True
    is_parsed: bool = True
    doubts: tuple[Doubt, ...] = ()
    handovers: tuple[Handover, ...] = ()
    attributes: tuple[tuple[str, int, str], ...] = ()
    bases: tuple[tuple[str, tuple[str, ...]], ...] = ()
    functions: tuple[FunctionUse, ...] = ()
    mentions: frozenset[str] = frozenset()
    wrappers: tuple[str, ...] = ()


class Violation(NamedTuple):
    """A policy that a key, its declaration or the code that uses it breaks, its texts filled in.

    It points at `start:end` of a fragment, or, if the file is no longer loaded, at `place` of the
    file at `path`. Its fingerprint is made from `identity`. `quote` is the part of the text that
    the message repeats, which may contain values. `why` is the end of the message, the same for
    every key.
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
    why: str = ''


class DeclarationResult(NamedTuple):
    """The declarations in a file.

    `declarations` come with the indexes of their fragments; policies of the whole tree check them
    again. `unread` says why some of the file could not be read as a document.
    """

    violations: tuple[Violation, ...] = ()
    declarations: tuple[tuple[int, KeyDeclaration], ...] = ()
    unread: str = ''

"""The one pipeline: bytes become a document, and what matches in it goes on to detection.

Files, standard input, the index, members of archives and objects of a history all come through
`scan`. Nearly every text, and most runs of the hook, end before detection is imported.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from keylint.archives import identify_container
from keylint.core.blob import TreePlace
from keylint.core.lazy_typing import Literal
from keylint.core.limits import MIN_REPEATED
from keylint.core.packages import is_installed_package, is_lock_file
from keylint.core.records import NamedTuple
from keylint.core.report import BlobResult, Failure
from keylint.declarations.relevance import drop_irrelevant_declarations
from keylint.matcher.hyperscan import MAX_MATCHES, TOO_MANY_MATCHES
from keylint.matcher.match import LEAK_KINDS, TOKEN_KINDS, Match, select_matches
from keylint.matcher.prefilter import filter_matches
from keylint.matcher.repeats import drop_repeats, go_on_matching
from keylint.readers.decode import may_be_binary, to_text
from keylint.readers.document import Document, MemberName
from keylint.sources.lfs import NOT_HERE, POINTER_HEADS, read_pointer

_DETECTION = 'keylint.pipeline.examine'
TYPE_CHECKING = False  # the hook's path imports neither
if TYPE_CHECKING:
    from keylint.core.config import Config
    from keylint.rules.load import Rules


class Scope(NamedTuple):
    """What is asked of a text.

    `declarations` says where permissions and addresses of keys are judged: everywhere, in data
    files only (the programs in an archive are somebody's release), or nowhere (what a key was
    allowed to do long ago is not judged). `reports_marks` says that comments which accept nothing
    are warned about.
    """

    declarations: Literal['all', 'data', 'none']
    reports_marks: bool


FILE = Scope('all', True)
MEMBER = Scope('data', False)
OBJECT = Scope('none', False)


class DetectionNeededError(Exception):
    """Report a text that needs detection in a process that has not loaded it and may not."""


def read_document(
    path: str,
    data: bytes,
    rules: Rules,
    scope: Scope,
    *,
    place: TreePlace | None = None,
    member: MemberName = MemberName(),  # noqa: B008 - immutable
) -> Document:
    """Decode a blob and match it. `place` and `member` are as in `Document`."""
    text, is_text = to_text(data)
    matches, is_flooded = match_text(text, rules)
    if len(matches) > MIN_REPEATED:
        matches = drop_repeats(text, matches)
    document = Document(
        path, text, is_text=is_text, place=place, member=member, is_flooded=is_flooded
    )
    document.matches = _keep_relevant(document, matches, rules, scope)
    return document


def is_binary(path: str, data: bytes) -> bool:
    """Tell whether names are not looked for in a file: it is neither text nor a container."""
    if not may_be_binary(data) or identify_container(path, data):
        return False
    return not to_text(data)[1]


def match_text(text: bytes, rules: Rules) -> tuple[list[Match], bool]:
    """List the matches of a text that may mean something, and tell whether they are too many."""
    found = rules.matcher.find_matches(text)
    if len(found) < MAX_MATCHES:
        return filter_matches(text, found), False
    return go_on_matching(rules.matcher, text, found, filter_matches)


def _keep_relevant(
    document: Document, matches: Sequence[Match], rules: Rules, scope: Scope
) -> Sequence[Match]:
    """Drop matches that can mean nothing in this kind of text and scope."""
    if not document.is_text:
        return select_matches(matches, TOKEN_KINDS)
    is_read = scope.declarations == 'all' or (
        scope.declarations == 'data' and document.format.is_release_data
    )
    if is_read and not _is_of_others(document.name, matches):
        return drop_irrelevant_declarations(document.data, document.format, matches, rules.matcher)
    return select_matches(matches, LEAK_KINDS)


def _is_of_others(name: str, matches: Sequence[Match]) -> bool:
    """Tell whether a file with declarations is a lock file, or one of a package of others."""
    if all(match.pattern.kind in LEAK_KINDS for match in matches):
        return False  # nothing is declared: the path need not be looked at
    return is_lock_file(name) or is_installed_package(name)


def scan(
    document: Document, rules: Rules, config: Config, scope: Scope, may_load: bool = True
) -> BlobResult:
    """Find the leaks in a document, and what is wrong with the keys that it declares.

    Raises DetectionNeededError without `may_load`, where detection is needed and not loaded yet.
    """
    has_marks = scope.reports_marks and document.is_text and b'keylint:' in document.data
    if not document.matches and not document.is_table and not has_marks:
        result = BlobResult()
    elif may_load or _DETECTION in sys.modules:
        from keylint.pipeline.examine import examine  # noqa: PLC0415 - most files end above

        result = examine(document, rules.pack, config)
    else:
        raise DetectionNeededError
    if document.is_flooded:
        result = _add_failure(result, Failure(document.path, 'scan', TOO_MANY_MATCHES))
    if document.data.startswith(POINTER_HEADS) and read_pointer(document.data):
        result = _add_failure(result, Failure(document.path, 'read', NOT_HERE))
    return result


def _add_failure(result: BlobResult, failure: Failure) -> BlobResult:
    return result._replace(failures=(*result.failures, failure))

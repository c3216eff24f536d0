"""Read the code of a tree for the permissions that it needs, and count lines.

Spans become places here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import accumulate

from keylint.api_usage.clients import analyse_code
from keylint.api_usage.code_text import blank_magic
from keylint.api_usage.frameworks import find_framework_calls
from keylint.api_usage.library_packages import LibraryPackage, find_library_packages
from keylint.api_usage.methods import Libraries
from keylint.api_usage.other_languages import OtherLanguages, UnreadUse
from keylint.api_usage.prefilters import ClientUsePrefilter
from keylint.core.key_model import ApiCall, CodeFacts, Doubt
from keylint.core.model import Fragment, SourceRange
from keylint.core.records import NamedTuple
from keylint.core.spans import Lines, map_to_blob
from keylint.declarations.issuers import issuer_called, issuer_of
from keylint.policies.call_standing import find_unreached, is_test
from keylint.policies.header_doubts import drop_header_doubts
from keylint.policies.least_privilege import RequiredPermissions, join_code_facts
from keylint.policies.wrapper_calls import find_wrapper_calls
from keylint.readers.decode import to_text
from keylint.readers.languages.parse import ENDINGS, language_of
from keylint.readers.notebook import read_fragments
from keylint.readers.python_ast import has_endless_name
from keylint.rules.rule_set import RuleSet
from keylint.workers.pool import map_unordered

CODE_ENDINGS = ('.py', '.pyw', '.ipynb')
_SOURCE_ENDINGS = (*CODE_ENDINGS, *ENDINGS)
_SETTINGS_ENDINGS = ('.json', '.jsonc', '.yml', '.yaml', '.py')
# How often a client is followed from file to file.
_MAX_PASSES = 4
# Files that may name a function of the code: code, and what starts programs.
_NAMING_ENDINGS = (*_SOURCE_ENDINGS, '.toml', '.cfg', '.yml', '.yaml', '.sh', '.ps1', 'Makefile')
_WORD = re.compile(rb'[A-Za-z_]\w*+')
_DEFINITION = re.compile(rb'\b(?:def|function|func|fn|fun)[ \t]+([A-Za-z_]\w*+)')
ReadFile = Callable[[str], bytes]
# From the first byte of something in the code to its place in the file and the number of its
# notebook cell.
_Locate = Callable[[int], tuple[SourceRange, int | None]]


class CodePermissions(NamedTuple):
    """What the code needs of each issuer's key.

    And the files that import a library but are no Python 3. `unread` are those among them that
    would keep a parser busy for too long. `read_sources` are files of other languages than Python
    that were read, `other_languages` those that were not. `packages` are those of libraries
    themselves, in which only what builds a client is read.
    """

    needs: dict[str | None, RequiredPermissions]
    unparsed: tuple[str, ...]
    unread: tuple[str, ...] = ()
    other_languages: tuple[UnreadUse, ...] = ()
    read_sources: tuple[str, ...] = ()
    packages: tuple[LibraryPackage, ...] = ()


class _FileUsage(NamedTuple):
    """What one file adds to the picture of the code."""

    facts: tuple[CodeFacts, ...] = ()
    framework_calls: tuple[ApiCall, ...] = ()


def read_code_permissions(paths: Sequence[str], read: ReadFile, pack: RuleSet) -> CodePermissions:
    """Read every Python file, notebook and bot configuration among `paths` for what the code needs.

    Files that import no library are read only if they may use a client that another file builds.
    """
    libraries = Libraries(pack.libraries, lambda name: issuer_called(name, pack))
    sieve = OtherLanguages(pack.libraries, ())
    packages = find_library_packages(paths, lambda path: read_text(path, read), libraries)
    if packages:
        paths = [path for path in paths if not _is_in_library(path, read, packages)]
    code = [path for path in paths if path.endswith(_SOURCE_ENDINGS)]
    wanted = [path for path in paths if path.endswith((*_SOURCE_ENDINGS, *_SETTINGS_ENDINGS))]

    def read_first(path: str) -> _FileUsage:
        return _read_file(path, read, libraries, pack, sieve)

    usages = list(map_unordered(read_first, wanted))
    facts = drop_header_doubts([fact for usage in usages for fact in usage.facts])
    if any(fact.clients for fact in facts):
        facts += _read_callers(facts, code, read, libraries)
    calls = [call for usage in usages for call in usage.framework_calls]
    doubts = tuple(find_wrapper_calls(facts, code, lambda path: read_text(path, read)))
    facts.append(CodeFacts('', doubts=doubts))
    defined, mentioned = _read_names(facts, paths, read)
    needs = join_code_facts(facts, calls, libraries, defined, mentioned)
    unparsed = tuple(sorted(fact.path for fact in facts if not fact.is_parsed))
    if unparsed:
        needs = {
            issuer: need._replace(is_exact=False, is_exact_but_for_doubts=False)
            for issuer, need in needs.items()
        }
    python = [path for path in unparsed if not path.endswith(ENDINGS)]
    unread = tuple(path for path in python if has_endless_name(read_text(path, read) or b''))
    sources = tuple(
        sorted(fact.path for fact in facts if fact.is_parsed and fact.path.endswith(ENDINGS))
    )
    return CodePermissions(needs, unparsed, unread, (), sources, tuple(packages))


def _is_in_library(path: str, read: ReadFile, packages: Sequence[LibraryPackage]) -> bool:
    """Tell whether a file belongs to the package of a library, and builds no client itself."""
    package = next((one for one in packages if one.holds(path)), None)
    if package is None or not path.endswith(_SOURCE_ENDINGS):
        return False
    data = read_text(path, read)
    return data is not None and not package.is_bot(data)


def _read_file(
    path: str, read: ReadFile, libraries: Libraries, pack: RuleSet, sieve: OtherLanguages
) -> _FileUsage:
    """Read a file: its code where it imports a library, its settings where it configures a bot."""
    data = read_text(path, read)
    if data is None:
        return _FileUsage()
    facts: tuple[CodeFacts, ...] = ()
    if path.endswith(ENDINGS):
        if sieve.may_be_read(path, data):
            facts = tuple(_analyse_file(path, data, libraries))
    elif path.endswith(CODE_ENDINGS) and (
        libraries.imports.may_match(data) or (path.endswith('.ipynb') and b'import' in data)
    ):
        facts = tuple(_analyse_file(path, data, libraries))
    calls: list[ApiCall] = []
    if path.endswith(_SETTINGS_ENDINGS):
        calls = list(find_framework_calls(path, data, lambda name: issuer_of(name, pack)))
    if calls:
        locate = _locate_in_file(data)
        calls = [_locate_facts(call, locate) for call in calls]
    return _FileUsage(facts, tuple(calls))


def _read_callers(
    facts: list[CodeFacts], code: list[str], read: ReadFile, libraries: Libraries
) -> list[CodeFacts]:
    """Read files that may use clients of others: until they pass them on to no other file.

    A client is known to files of its own language alone.
    """
    found: list[CodeFacts] = []
    languages = _list_languages(facts)
    seen: set[str] = set()
    for _ in range(_MAX_PASSES):
        own = [*facts, *found]
        callees = {one.callee for fact in own for one in fact.handovers if one.client >= 0}
        callees |= {one.callee for fact in found for one in fact.handovers}
        if seen and callees <= seen:
            break
        others = ClientUsePrefilter(callees - seen, has_calls=not seen)
        seen |= callees | {''}
        known = {fact.path for fact in own}
        rest = [
            path
            for path in code
            if path not in known
            and language_of(path) in languages
            and not (path.endswith(ENDINGS) and is_test(path))
        ]
        for more in map_unordered(partial(_read_caller, read, libraries, others), rest):
            found += more
    return found


def _list_languages(facts: list[CodeFacts]) -> set[str]:
    """List the languages in which the code builds clients."""
    return {language_of(fact.path) for fact in facts if fact.clients}


def _read_caller(
    read: ReadFile, libraries: Libraries, others: ClientUsePrefilter, path: str
) -> tuple[CodeFacts, ...]:
    """Read a file that imports no library, if it may use a client of another file."""
    data = read_text(path, read)
    if data is None or not others.may_match(data, path.endswith(CODE_ENDINGS)):
        return ()
    return tuple(_analyse_file(path, data, libraries))


def _read_names(
    facts: list[CodeFacts], paths: Sequence[str], read: ReadFile
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the functions and all names of files that nobody read, as far as they matter.

    That is only where a function may be one that nothing calls, or where a call is of an object
    that nobody knows.
    """
    unreached = {
        name.rpartition('.')[2] for names in find_unreached(facts).values() for name in names
    }
    wanted = {call.method for fact in facts for call in fact.unresolved_calls}
    if not unreached and not wanted:
        return frozenset(), frozenset()
    known, languages = {fact.path for fact in facts}, _list_languages(facts)
    defined: set[str] = set()
    mentioned: set[str] = set()
    for path in paths:
        if path in known or not path.endswith(_NAMING_ENDINGS):
            continue
        data = read_text(path, read) or b''
        mentioned |= {name.decode() for name in _WORD.findall(data)} & unreached
        if language_of(path) in languages:
            defined |= {name.decode() for name in _DEFINITION.findall(data)} & wanted
    return frozenset(defined), frozenset(mentioned)


def read_text(path: str, read: ReadFile) -> bytes | None:
    """Return the decoded text of a file, or None for one that cannot be read or is no text."""
    try:
        data, is_text = to_text(read(path))
    except OSError:
        return None
    return data if is_text else None


def _analyse_file(path: str, data: bytes, libraries: Libraries) -> Iterator[CodeFacts]:
    if path.endswith('.ipynb'):
        yield from _analyse_notebook(path, data, libraries)
    else:
        yield _with_places(analyse_code(data, path, libraries), _locate_in_file(data))


def _analyse_notebook(path: str, data: bytes, libraries: Libraries) -> Iterator[CodeFacts]:
    """Analyse the cells of a notebook as one program."""
    cells = [
        fragment
        for fragment in read_fragments(data) or ()
        if fragment.cell is not None and fragment.cell.part == 'source'
    ]
    plain = [blank_magic(fragment.data) for fragment in cells]
    source = b'\n'.join(code for code, _ in plain)
    if libraries.imports.may_match(source):
        facts = analyse_code(source, path, libraries)
        is_exact = facts.is_exact and all(is_code for _, is_code in plain)
        yield _with_places(facts._replace(is_exact=is_exact), _locate_in_cells(data, cells))


def _locate_in_file(data: bytes) -> _Locate:
    lines = Lines(data)
    return lambda start: (lines.place(start, start + 1), None)


def _locate_in_cells(data: bytes, cells: Sequence[Fragment]) -> _Locate:
    """Locate bytes of the cells' texts, which one newline joins, in the notebook `data`."""
    lines = Lines(data)
    starts = list(accumulate((len(cell.data) + 1 for cell in cells), initial=0))

    def locate(start: int) -> tuple[SourceRange, int | None]:
        index = min(bisect_right(starts, start), len(cells)) - 1
        fragment, offset = cells[index], start - starts[index]
        place = lines.place(*map_to_blob(fragment, offset, offset + 1))
        return place, fragment.cell.number if fragment.cell else None

    return locate


def _with_places(facts: CodeFacts, locate: _Locate) -> CodeFacts:
    """Fill in the places of everything that a file says."""
    return facts._replace(
        clients=tuple(one._replace(place=locate(one.start)[0]) for one in facts.clients),
        calls=tuple(_locate_facts(one, locate) for one in facts.calls),
        unresolved_calls=tuple(
            one._replace(place=locate(one.start)[0]) for one in facts.unresolved_calls
        ),
        handovers=tuple(one._replace(place=locate(one.start)[0]) for one in facts.handovers),
        doubts=tuple(_locate_doubt(one, locate) for one in facts.doubts),
    )


def _locate_doubt(doubt: Doubt, locate: _Locate) -> Doubt:
    place, cell = locate(doubt.start)
    return doubt._replace(place=place, cell=cell)


def _locate_facts(call: ApiCall, locate: _Locate) -> ApiCall:
    place, cell = locate(call.start)
    return call._replace(place=place, cell=cell)

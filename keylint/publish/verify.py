"""Verify a purge: whether anything of a plan is left in a repository, by object id and by value."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence

from keylint.archives import identify_container
from keylint.core.blob import Blob
from keylint.core.config import Config
from keylint.core.model import Lifetime
from keylint.core.records import NamedTuple
from keylint.core.report import Failure, Report
from keylint.history.repository import Repository, open_repository
from keylint.publish.files import read_plan
from keylint.publish.needles import Found, SecretMatcher
from keylint.sources import MAX_FILE_BYTES
from keylint.sources.files import list_files, load_file
from keylint.sources.lfs import follow_pointer, read_pointer
from keylint.sources.objects import ObjectReader, find_common_folder
from keylint.workers.pool import map_unordered

_CHUNK_BYTES = 16 << 20
_MIN_CHUNKS_FOR_WORKERS = 2
_MAX_SHOWN_REFS, _MAX_SHOWN_KEEPERS, _MAX_SHOWN_PATHS = 4, 4, 3
_TOO_LARGE = f'larger than {MAX_FILE_BYTES // 1024 // 1024} MB'
_REGEX = b'regex:'
_INTERRUPTED = 'left by a git that was interrupted; `git gc --prune=now` removes it'


class Leftover(NamedTuple):
    """Say what is left (`object`, `value` or `path`), where it is, and what keeps it."""

    kind: str
    place: str
    kept: str


class _ChunkResult(NamedTuple):
    """Hold the ids of objects with values, of those that could not be read, and the bytes read.

    `failures` are about what is inside of objects.
    """

    found: list[str]
    broken: list[str]
    size: int
    failures: list[Failure]


def find_leftovers(folder: str, top: str | None, plan: str, report: Report) -> list[Leftover]:
    """List what is left, sorted. What could not be read becomes a failure of the report.

    `folder` is the git folder, `top` the root of the work tree, None for a bare repository. Raises
    SourceError if `plan` is no folder of a plan.
    """
    wanted = read_plan(plan)
    matcher = SecretMatcher(wanted.literals, wanted.expressions)
    repository = open_repository(folder, report, keeps_trees=True)
    objects = repository.objects
    holding = sorted(_find_objects(repository, matcher, report))
    listed_objects = [name for name in wanted.objects if name in objects]
    lives = _find_lives(repository, sorted({*holding, *listed_objects}))
    found = [
        Leftover('object', f'object {name}', _explain_life(lives.get(name)))
        for name in listed_objects
    ]
    found += [
        Leftover('value', f'{objects[name].kind} {name}', _explain_life(lives.get(name)))
        for name in holding
        if name not in wanted.objects
    ]
    found += [
        Leftover('path', os.fsdecode(path), 'a commit still has it')
        for path in _find_paths(repository, wanted.paths)
    ]
    found += _find_in_git_folder(folder, matcher, report)
    if top is not None:
        found += _find_in_work_tree(top, matcher, report)
    return sorted(set(found))


def _find_objects(repository: Repository, matcher: SecretMatcher, report: Report) -> Iterator[str]:
    """Yield the ids of the objects that hold a value, in any order."""
    with ObjectReader(repository.folder) as reader:
        yield from _find_in_objects(repository, matcher, report, reader)


def _find_in_objects(
    repository: Repository, matcher: SecretMatcher, report: Report, reader: ObjectReader
) -> Iterator[str]:
    paths: dict[str, list[str]] = {}
    for blob, path in repository.changes.named():
        paths.setdefault(blob.decode(), []).append(path)

    def scan_chunk(names: list[str]) -> _ChunkResult:
        result = _ChunkResult([], [], 0, [])
        for name, data in reader.read(names):
            if data is None:
                result.broken.append(name)
                continue
            answer = _look_at_object(reader.folder, name, data, paths.get(name, []), matcher)
            result.failures.extend(answer.failures)
            if answer.has_value:
                result.found.append(name)
            result = result._replace(size=result.size + len(data))
        return result

    chunks = _make_chunks(repository, report)
    for result in map_unordered(scan_chunk, chunks, min_items=_MIN_CHUNKS_FOR_WORKERS):
        report.bytes += result.size
        report.failures += result.failures
        report.failures += [
            Failure(f'object {name[:12]}', 'read', 'it cannot be read')
            for name in result.broken
            if repository.objects[name].kind != 'missing'  # those are failures already
        ]
        yield from result.found
    report.files += len(repository.objects)


def _look_at_object(
    folder: str, name: str, data: bytes, paths: list[str], matcher: SecretMatcher
) -> Found:
    """Search an object as each kind of container that its paths suggest."""
    if read_pointer(data):  # the contents are files of git
        content = follow_pointer(data, folder, next(iter(paths), f'object {name[:12]}'))
        if isinstance(content, Failure):
            return Found(matcher.has_match(data), (content,))
    kinds = {identify_container(path, data): path for path in reversed(paths)}
    found = [matcher.look_through(path, data) for path in kinds.values() or [f'object {name[:12]}']]
    failures = tuple(one for answer in found for one in answer.failures)
    return Found(any(answer.has_value for answer in found), failures)


def _make_chunks(repository: Repository, report: Report) -> list[list[str]]:
    """Group the ids of the objects for the workers. Those that are too large become failures."""
    chunks: list[list[str]] = [[]]
    size = 0
    for item in repository.objects.values():
        if item.size > MAX_FILE_BYTES:
            report.failures.append(Failure(f'object {item.id[:12]}', 'read', _TOO_LARGE))
            continue
        chunks[-1].append(item.id)
        size += item.size
        if size > _CHUNK_BYTES:
            chunks.append([])
            size = 0
    return [chunk for chunk in chunks if chunk]


def _find_lives(repository: Repository, names: Sequence[str]) -> dict[str, Lifetime]:
    """Find out what keeps each object; nothing is said of trees."""
    history = repository.history
    states = history.states(repository.changes.of(names), set(names))
    spans, checked_out = history.spans(states), history.head_state(states)
    lives = {}
    for name in names:
        kind = repository.objects[name].kind
        if kind == 'commit':
            lives[name] = history.life_of_commit(name)
        elif kind == 'tag':
            lives[name] = history.life_of_tag(name)
        elif kind == 'blob':
            lives[name] = history.life(frozenset((name,)), spans, checked_out, repository.staged)
    return lives


def _explain_life(life: Lifetime | None) -> str:
    """Name what keeps an object; the stash, which a purge forgets most often, in plain words."""
    if life is None:
        return 'kept by trees'
    refs = ['the stash' if name == 'refs/stash' else name for name in life.refs]
    shown = refs[:_MAX_SHOWN_REFS]
    if len(refs) > _MAX_SHOWN_REFS:
        shown.append('…')
    text = ', '.join([*shown, *life.others[:_MAX_SHOWN_KEEPERS]])
    if life.paths:
        text += f' as {", ".join(life.paths[:_MAX_SHOWN_PATHS])}'
    return text


def _find_paths(repository: Repository, rows: Sequence[bytes]) -> list[bytes]:
    """Return paths that should be gone and that a commit still has."""
    literals = {row for row in rows if not row.startswith(_REGEX)}
    expressions = [re.compile(row.removeprefix(_REGEX)) for row in rows if row.startswith(_REGEX)]
    paths = {os.fsencode(path) for _, path in repository.changes.named()}
    return sorted(
        path
        for path in paths
        if path in literals or any(expression.search(path) for expression in expressions)
    )


def _find_in_git_folder(folder: str, matcher: SecretMatcher, report: Report) -> Iterator[Leftover]:
    """Find files of git beside the objects that hold a value, also by their names.

    These are reflogs, messages, configuration, hooks, refs, and what git filter-repo leaves.
    """
    for path, shown, is_store in _list_git_files(folder, report):
        if is_store:
            if os.path.basename(path).startswith(('tmp_', '.tmp-')):
                report.failures.append(Failure(shown, 'read', _INTERRUPTED))
        elif _has_value(path, matcher, shown, report):
            yield Leftover('value', shown, 'a file of git itself')


def _list_git_files(folder: str, report: Report) -> Iterator[tuple[str, str, bool]]:
    """Yield the path of each file, as it is shown, and whether it is in the object store."""
    for root in dict.fromkeys((find_common_folder(folder), folder)):
        for where, folders, names in os.walk(root):
            if where == root and 'modules' in folders:
                report.skip('folder of submodules: verify each by itself')
                folders.remove('modules')
            is_store = os.path.relpath(where, root).split(os.sep)[0] == 'objects'
            for name in sorted(names):
                path = os.path.join(where, name)
                shown = f'.git/{os.path.relpath(path, root)}'.replace(os.sep, '/')
                yield path, shown, is_store


def _has_value(path: str, matcher: SecretMatcher, shown: str, report: Report) -> bool:
    """Tell whether a file's name, target or contents hold a value."""
    if matcher.has_match(os.fsencode(shown)):
        return True
    if os.path.islink(path):
        return matcher.has_match(os.fsencode(os.readlink(path)))
    if not os.path.isfile(path):
        return False
    try:
        with open(path, 'rb') as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        report.failures.append(Failure(shown, 'read', error.strerror or type(error).__name__))
        return False
    if len(data) > MAX_FILE_BYTES:
        report.failures.append(Failure(shown, 'read', _TOO_LARGE))
        return False
    answer = matcher.look_through(shown, data)
    report.failures += answer.failures
    return answer.has_value


def _find_in_work_tree(top: str, matcher: SecretMatcher, report: Report) -> Iterator[Leftover]:
    """Find files with a value, also those that git ignores: it is still in use there."""
    walk = Report()
    files = list_files([top], Config(), walk, True)
    report.failures += walk.failures
    for file in files:
        blob = load_file(file)
        shown = os.path.relpath(file.name, top).replace(os.sep, '/')
        if isinstance(blob, Failure):
            report.failures.append(blob._replace(path=shown))
            continue
        answer = matcher.look_through(shown, blob.data if isinstance(blob, Blob) else b'')
        report.failures += answer.failures
        if answer.has_value or matcher.has_match(os.fsencode(shown)):
            yield Leftover('value', shown, 'the work tree: is the old key still in use?')

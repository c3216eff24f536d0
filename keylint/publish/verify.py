"""After the purge: whether anything of a plan is left, by object id and by value, anywhere in a repository; and where."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from keylint.core.config import Config
from keylint.core.model import Life
from keylint.core.report import Failure, Report
from keylint.core.workers import map_unordered
from keylint.history.repository import Repository, opened
from keylint.matcher.hyperscan import compile_database
from keylint.publish.plan import read
from keylint.sources import MOST_BYTES
from keylint.sources.files import listed, load
from keylint.sources.objects import Reader, common_folder

_CHUNK = 16 << 20


class Remain(NamedTuple):
    """Something that is left: `object`, `value` or `path`; where it is, and what keeps it."""

    kind: str
    place: str
    kept: str


class Needles:
    """The values of a plan, as bytes and as UTF-16. Hyperscan looks for all of them at once."""

    def __init__(self, literals: Sequence[bytes], expressions: Sequence[re.Pattern[bytes]]) -> None:
        self._expressions = list(expressions)
        wide = [
            text.decode('utf-8', 'replace').encode(order)
            for text in literals
            for order in ('utf-16-le', 'utf-16-be')
        ]
        patterns = [
            re.sub(rb'(?s).', lambda match: b'\\x%02x' % match[0][0], text)
            for text in [*literals, *wide]
        ]
        self._database = compile_database(patterns) if patterns else None

    def are_in(self, data: bytes) -> bool:
        """Whether any of them is there."""
        if self._database is not None and self._database.scan(data):
            return True
        return any(expression.search(data) for expression in self._expressions)


def remains(folder: str, top: str | None, plan: str, report: Report) -> list[Remain]:
    """All of them, sorted. What could not be looked at is a failure of the report."""
    literals, expressions, ids, dropped = read(plan)
    needles = Needles(literals, expressions)
    repository = opened(folder, report, keeps_trees=True)
    held = sorted(_holding(repository, needles, report))
    lives = _lives(
        repository, sorted({*held, *(name for name in ids if name in repository.objects)})
    )
    found = [
        Remain('object', f'object {name}', _kept(lives.get(name)))
        for name in ids
        if name in repository.objects
    ]
    found += [
        Remain('value', f'{repository.objects[name].kind} {name}', _kept(lives.get(name)))
        for name in held
        if name not in ids
    ]
    found += [
        Remain('path', os.fsdecode(path), 'a commit still holds it')
        for path in _dropped(repository, dropped)
    ]
    found += _in_git_folder(common_folder(folder), folder, needles, report)
    if top is not None:
        found += _in_tree(top, needles, report)
    return sorted(set(found))


def _holding(repository: Repository, needles: Needles, report: Report) -> Iterator[str]:
    chunks: list[list[str]] = [[]]
    size = 0
    for item in repository.objects.values():
        if item.size > MOST_BYTES:
            report.failures.append(
                Failure(
                    f'object {item.id[:12]}', 'read', f'larger than {MOST_BYTES // 1024 // 1024} MB'
                )
            )
            continue
        chunks[-1].append(item.id)
        size += item.size
        if size > _CHUNK:
            chunks.append([])
            size = 0
    reader = Reader(repository.folder)

    def look(names: list[str]) -> tuple[list[str], list[str], int]:
        found, broken, count = [], [], 0
        for name, data in reader.read(names):
            if data is None:
                broken.append(name)
                continue
            count += len(data)
            if needles.are_in(data):
                found.append(name)
        return found, broken, count

    for found, broken, count in map_unordered(look, [chunk for chunk in chunks if chunk], few=2):
        report.bytes += count
        broken = [
            name for name in broken if repository.objects[name].kind != 'missing'
        ]  # those were counted before
        report.failures += [
            Failure(f'object {name[:12]}', 'read', 'it cannot be read') for name in broken
        ]
        yield from found
    report.files += len(repository.objects)
    reader.close()


def _lives(repository: Repository, names: Sequence[str]) -> dict[str, Life]:
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


def _kept(life: Life | None) -> str:
    """Names that keep an object, those that a purge forgets most often in words of their own."""
    if life is None:
        return 'kept by trees'
    names = ['the stash' if name == 'refs/stash' else name for name in life.refs]
    text = ', '.join([*names[:4], *(['…'] if len(names) > 4 else []), *life.others[:4]])
    return text + (f' as {", ".join(life.paths[:3])}' if life.paths else '')


def _dropped(repository: Repository, rows: Sequence[bytes]) -> list[bytes]:
    """Paths that should be gone and that a commit still has."""
    literal = {row for row in rows if not row.startswith(b'regex:')}
    expressions = [re.compile(row[6:]) for row in rows if row.startswith(b'regex:')]
    paths = {os.fsencode(path) for _, path in repository.changes.named()}
    return sorted(
        path
        for path in paths
        if path in literal or any(expression.search(path) for expression in expressions)
    )


def _in_git_folder(shared: str, folder: str, needles: Needles, report: Report) -> Iterator[Remain]:
    """Files beside the objects: reflogs, messages, configuration, hooks, what git filter-repo leaves; names of refs."""
    for root in dict.fromkeys((shared, folder)):
        for where, folders, names in os.walk(root):
            if where == root:
                if 'modules' in folders:
                    report.skip('folder of submodules: verify each by itself')
                folders[:] = [name for name in folders if name != 'modules']
            is_store = os.path.relpath(where, root).split(os.sep)[0] == 'objects'
            for name in sorted(names):
                path = os.path.join(where, name)
                shown = f'.git/{os.path.relpath(path, root)}'.replace(os.sep, '/')
                if is_store and name.startswith(('tmp_', '.tmp-')):
                    report.failures.append(
                        Failure(
                            shown,
                            'read',
                            'left by a git that was interrupted; `git gc --prune=now` removes it',
                        )
                    )
                elif not is_store and _is_held(path, needles, shown, report):
                    yield Remain('value', shown, 'a file of git itself')


def _is_held(path: str, needles: Needles, shown: str, report: Report) -> bool:
    if needles.are_in(os.fsencode(shown)):
        return True
    if os.path.islink(path):
        return needles.are_in(os.fsencode(os.readlink(path)))
    if not os.path.isfile(path):
        return False
    try:
        with open(path, 'rb') as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise OSError(0, f'larger than {MOST_BYTES // 1024 // 1024} MB')
        return needles.are_in(data)
    except OSError as error:
        report.failures.append(Failure(shown, 'read', error.strerror or str(error)))
        return False


def _in_tree(top: str, needles: Needles, report: Report) -> Iterator[Remain]:
    """Files of the work tree, also those that git ignores: a value there is still in use."""
    seen = Report()
    files = listed([top], Config(), seen, True)
    report.failures += seen.failures
    for file in files:
        blob = load(file)
        shown = os.path.relpath(file.name, top).replace(os.sep, '/')
        if isinstance(blob, Failure):
            report.failures.append(blob._replace(path=shown))
        elif needles.are_in(os.fsencode(shown)) or needles.are_in(getattr(blob, 'data', b'')):
            yield Remain('value', shown, 'the work tree: is the old key still in use?')

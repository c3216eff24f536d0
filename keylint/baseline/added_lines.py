"""What a change adds to the work tree: its files, and which of their lines were not there at the merge base.

git only says which files differ and gives the old versions. Which lines are new is decided here, over the same lines that findings have:
no attribute of the scanned repository can hide a file from the comparison, and no filter, textconv or external diff of it is started.
A line that moved within the change, was re-indented, or went along with a renamed file, is not new.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from keylint.core.blob import Blob, UnreadFile
from keylint.core.errors import SourceError
from keylint.core.model import Finding
from keylint.core.report import Report
from keylint.core.spans import Lines
from keylint.readers.decode import to_text
from keylint.sources import git
from keylint.sources.objects import ObjectReader

_FETCH = 'in a shallow clone, fetch more of the history first (`fetch-depth: 0` on GitHub, `GIT_DEPTH: 0` on GitLab)'
# What neither has text to scan nor lines to compare: links and submodules.
_PLAIN = (b'100644', b'100755', b'100664')
_NONE = '0'


class WorkTreeChange(NamedTuple):
    """The work tree against a commit: for every path that differs, the id of its old version (empty where there was none)."""

    top: str
    base: str
    old: dict[str, str]
    deleted: frozenset[str]

    def present(self) -> list[str]:
        """The paths that the work tree holds."""
        return sorted(path for path in self.old if path not in self.deleted)


def compare_work_tree(
    folder: str, revision: str, ignored_too: bool, report: Report
) -> WorkTreeChange:
    """What the work tree adds since its merge base with `revision`, files that git does not know yet included. Raises SourceError.

    An empty revision is the state before the first commit: everything is new.
    """
    top = git.find_work_tree(folder)
    if top is None:
        raise SourceError(f'{folder}: --diff needs a git repository')
    base = _merge_base(top, revision) if revision else git.find_empty_tree(top)
    old, deleted = _tracked(top, base, report)
    others = git.run_git(
        top, 'ls-files', '-z', '--others', *([] if ignored_too else ['--exclude-standard'])
    )
    for name in others.split(b'\x00'):
        if name and not name.endswith(b'/'):
            path = os.fsdecode(name)
            old.setdefault(path, '')
            deleted.discard(path)
    return WorkTreeChange(top, base, old, frozenset(deleted))


def _merge_base(top: str, revision: str) -> str:
    """The newest common ancestor of HEAD and a revision. Raises SourceError where there is none to be had."""
    answer = git.try_git(
        top, 'rev-parse', '--verify', '--quiet', '--end-of-options', f'{revision}^{{commit}}'
    )
    if not answer.is_whole:
        raise SourceError(f"--diff: '{revision}' names no commit of this repository; {_FETCH}")
    found = git.try_git(top, 'merge-base', answer.output.decode().strip(), 'HEAD')
    if not found.is_whole or not found.output.strip():
        raise SourceError(f"--diff: no common ancestor of '{revision}' and HEAD is known; {_FETCH}")
    return found.output.decode().split()[0]


def _tracked(top: str, base: str, report: Report) -> tuple[dict[str, str], set[str]]:
    """Every tracked path that differs from the base, with the id of the old version, and those that were deleted."""
    fields = _unfiltered(
        top,
        'diff-index',
        '--raw',
        '-z',
        '--no-renames',
        '--no-abbrev',
        '--no-ext-diff',
        '--no-textconv',
        '--ignore-submodules=dirty',
        base,
        '--',
    ).split(b'\x00')
    old: dict[str, str] = {}
    deleted: set[str] = set()
    for meta, name in zip(fields[0::2], fields[1::2], strict=False):
        before, after, blob, _, status = meta.removeprefix(b':').split(b' ')
        path = os.fsdecode(name)
        if status.startswith(b'U'):
            old.setdefault(path, '')
        else:
            old[path] = blob.decode() if before in _PLAIN else ''
        if status.startswith(b'D'):
            deleted.add(path)
        elif after == b'160000':
            report.skip('submodule that the change moves')
            deleted.add(path)
    return old, deleted


def _unfiltered(top: str, *arguments: str) -> bytes:
    """What git prints with all filters switched off: to tell whether a file differs it may read it, through the filters of the configuration."""
    listing = git.try_git(
        top, 'config', '--null', '--name-only', '--get-regexp', r'^filter\.'
    ).output
    names = {name.rpartition('.')[0] for name in os.fsdecode(listing).split('\0') if name}
    settings: list[str] = []
    for name in sorted(names):
        if '=' in name:  # `-c` would take it for the end of the name
            raise SourceError(
                f"{top}: --diff: the configuration has a filter with '=' in its name ({name}); remove it"
            )
        settings += [
            '-c',
            f'{name}.clean=',
            '-c',
            f'{name}.smudge=',
            '-c',
            f'{name}.process=',
            '-c',
            f'{name}.required=false',
        ]
    answer = git.try_git(top, *settings, *arguments)
    if not answer.is_whole:
        raise SourceError(
            f'{top}: --diff: git {arguments[0]} failed: {next(iter(answer.errors), "it says nothing")}'
        )
    return answer.output


def select_files(found: WorkTreeChange, paths: Iterable[str]) -> dict[str, str]:
    """The present files of a change that lie below `paths`: the name that each is reported by, and its path from the top."""
    names: dict[str, str] = {}
    for given in paths:
        if not os.path.lexists(given):
            raise SourceError(f'{given}: no such file or folder')
        folder, last = os.path.split(os.path.abspath(given))
        root = os.path.relpath(
            os.path.join(os.path.realpath(folder), last)
            if not os.path.isdir(given)
            else os.path.realpath(given),
            found.top,
        )
        for path in found.present():
            if root == '.' or path == root or path.startswith(root + os.sep):
                inner = os.path.relpath(path, root) if root != '.' else path
                shown = given if inner == '.' else os.path.normpath(os.path.join(given, inner))
                names.setdefault(shown.replace(os.sep, '/'), path)
    return names


def filter_new(
    findings: Iterable[Finding],
    found: WorkTreeChange,
    names: Mapping[str, str],
    read: Callable[[str], bytes],
) -> list[Finding]:
    """The findings of which at least one line is new. `names` are the findings' paths, each with its path from the top."""
    touched = {finding: _lines_of(finding) for finding in findings}
    texts: dict[str, list[bytes]] = {}
    for finding in touched:
        if finding.path not in texts:
            texts[finding.path] = _lines(read(finding.path))
    wanted = {
        _line(texts[finding.path], number)
        for finding, numbers in touched.items()
        for number in numbers
    }
    if not wanted:
        return []
    old = _old_counts(found, wanted)
    new = {
        path: _counted(texts[shown] if shown in texts else _lines_on_disk(found.top, path), wanted)
        for path, shown in _present(found, names)
    }
    moved = _moved(old, new)

    def is_new(path: str, line: bytes) -> bool:
        return new[path][line] > (old[path][line] if path in old else 0) and line not in moved

    return [
        finding
        for finding, numbers in touched.items()
        if any(
            is_new(names[finding.path], _line(texts[finding.path], number)) for number in numbers
        )
    ]


def _present(found: WorkTreeChange, names: Mapping[str, str]) -> list[tuple[str, str]]:
    shown = {path: name for name, path in names.items()}
    return [(path, shown.get(path, '')) for path in found.present()]


def _moved(old: Mapping[str, Counter[bytes]], new: Mapping[str, Counter[bytes]]) -> set[bytes]:
    """Lines that came nowhere more often than they went away elsewhere in the change. Of a copy nobody can say which one is the old one."""
    gone: Counter[bytes] = Counter()
    come: Counter[bytes] = Counter()
    for path in old.keys() | new.keys():
        before, after = old.get(path, Counter()), new.get(path, Counter())
        gone += before - after
        come += after - before
    return {line for line in come if come[line] <= gone[line]}


def _lines_of(finding: Finding) -> set[int]:
    """The lines of a finding's parts, or its own where it has none."""
    places = [part.place for part in finding.parts] or [finding.place]
    return {number for place in places for number in range(place.line, place.end_line + 1)}


def _lines(data: bytes) -> list[bytes]:
    """The lines of a text as findings count them, without the white space around them."""
    text = to_text(data)[0]
    starts = Lines(text).starts
    return [
        text[start:end].strip() for start, end in zip(starts, [*starts[1:], len(text)], strict=True)
    ]


def _line(lines: list[bytes], number: int) -> bytes:
    return lines[number - 1] if number <= len(lines) else b''


def _lines_on_disk(top: str, path: str) -> list[bytes]:
    """A file of the change that holds no finding; what cannot be read holds no line."""
    from keylint.sources.files import load_file  # noqa: PLC0415 - a finding must have been made first

    loaded = load_file(UnreadFile(os.path.join(top, path), path))
    return _lines(loaded.data) if isinstance(loaded, Blob) else []


def _counted(lines: Iterable[bytes], wanted: set[bytes]) -> Counter[bytes]:
    return Counter(line for line in lines if line in wanted)


def _old_counts(found: WorkTreeChange, wanted: set[bytes]) -> dict[str, Counter[bytes]]:
    """How often the old version of each path had each wanted line. What is missing (a partial clone) had none: its lines count as new."""
    paths: dict[str, list[str]] = {}
    for path, blob in found.old.items():
        if blob.strip(_NONE):
            paths.setdefault(blob, []).append(path)
    counts: dict[str, Counter[bytes]] = {}
    with ObjectReader(found.top) as reader:
        for blob, data in reader.read(list(paths)):
            if data is not None:
                counted = _counted(_lines(data), wanted)
                counts |= dict.fromkeys(paths[blob], counted)
    return counts

"""Find what a change adds to the work tree: files, and lines that the merge base does not have.

git only lists the files that differ and returns the old versions. This module decides which lines
are new, by the same line numbers that findings use: no attribute of the scanned repository can hide
a file from the comparison, and none of its filters, textconvs or external diffs is started. A line
that moved within the change, was re-indented, or moved with a renamed file is not new, unless no
earlier version reported its findings.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from keylint.baseline.finding_lines import list_line_numbers
from keylint.baseline.shown_before import OldVersions
from keylint.core.blob import Blob, UnreadFile
from keylint.core.errors import SourceError
from keylint.core.model import Finding
from keylint.core.records import NamedTuple
from keylint.core.report import Report
from keylint.core.spans import Lines
from keylint.readers.decode import to_text
from keylint.sources import git
from keylint.sources.files import load_file
from keylint.sources.objects import ObjectReader

_FETCH = (
    'in a shallow clone, fetch more of the history first '
    '(`fetch-depth: 0` on GitHub, `GIT_DEPTH: 0` on GitLab)'
)
# Modes of files; links and submodules have neither text to scan nor lines to compare.
_FILE_MODES = (b'100644', b'100755', b'100664')


class WorkTreeChange(NamedTuple):
    """The difference between the work tree and a commit.

    `old` maps every path that differs to the id of its old version, empty if there was none.
    """

    top: str
    base: str
    old: dict[str, str]
    deleted: frozenset[str]

    def list_present(self) -> list[str]:
        """List the paths that are in the work tree."""
        return sorted(path for path in self.old if path not in self.deleted)


def compare_work_tree(
    folder: str, revision: str, with_ignored: bool, report: Report
) -> WorkTreeChange:
    """Compare the work tree with its merge base with `revision`. Raises SourceError.

    Files that git does not know yet are part of it. An empty revision is the state before the first
    commit: everything is new.
    """
    top = git.find_work_tree(folder)
    if top is None:
        raise SourceError(f'{folder}: --diff needs a git repository')
    base = _find_merge_base(top, revision) if revision else git.find_empty_tree(top)
    old, deleted = _list_tracked(top, base, report)
    options = ['-z', '--others']
    if not with_ignored:
        options.append('--exclude-standard')
    for name in git.run_git(top, 'ls-files', *options).split(b'\x00'):
        if name and not name.endswith(b'/'):
            path = os.fsdecode(name)
            old.setdefault(path, '')
            deleted.discard(path)
    return WorkTreeChange(top, base, old, frozenset(deleted))


def _find_merge_base(top: str, revision: str) -> str:
    """Find the newest common ancestor of HEAD and a revision. Raises SourceError for none."""
    answer = git.try_git(
        top, 'rev-parse', '--verify', '--quiet', '--end-of-options', f'{revision}^{{commit}}'
    )
    if not answer.is_whole:
        raise SourceError(f"--diff: '{revision}' names no commit of this repository; {_FETCH}")
    found = git.try_git(top, 'merge-base', answer.output.decode().strip(), 'HEAD')
    if not found.is_whole or not found.output.strip():
        raise SourceError(f"--diff: no common ancestor of '{revision}' and HEAD is known; {_FETCH}")
    return found.output.decode().split()[0]


def _list_tracked(top: str, base: str, report: Report) -> tuple[dict[str, str], set[str]]:
    """List the tracked paths that differ from the base, and those that were deleted.

    The former come with the ids of their old versions.
    """
    fields = _run_unfiltered(
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
            old[path] = blob.decode() if before in _FILE_MODES else ''
        if status.startswith(b'D'):
            deleted.add(path)
        elif after == b'160000':
            report.skip('submodule that the change moves')
            deleted.add(path)
    return old, deleted


def _run_unfiltered(top: str, *arguments: str) -> bytes:
    """Run git with all filters switched off and return what it prints. Raises SourceError.

    To tell whether a file differs git may read it, through the filters of the configuration.
    """
    listing = git.try_git(
        top, 'config', '--null', '--name-only', '--get-regexp', r'^filter\.'
    ).output
    names = {name.rpartition('.')[0] for name in os.fsdecode(listing).split('\0') if name}
    settings: list[str] = []
    for name in sorted(names):
        if '=' in name:  # `-c` would read it as the end of the name
            raise SourceError(
                f"{top}: --diff: the configuration has a filter with '=' in its name ({name}); "
                'remove it'
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
        first = next(iter(answer.errors), 'it says nothing')
        raise SourceError(f'{top}: --diff: git {arguments[0]} failed: {first}')
    return answer.output


def select_files(found: WorkTreeChange, paths: Iterable[str]) -> dict[str, str]:
    """Select the present files of a change below `paths`. Raises SourceError.

    Maps the name that each is reported by to its path from the top.
    """
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
        for path in found.list_present():
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
    versions: OldVersions,
) -> list[Finding]:
    """Keep the findings of which at least one line is new, or that no old version shows as open.

    `names` maps the findings' paths to their paths from the top, `read` reads a file by the former.
    """
    touched = {finding: list_line_numbers(finding) for finding in findings}
    texts: dict[str, list[bytes]] = {}
    for finding in touched:
        if finding.path not in texts:
            texts[finding.path] = _split_lines(read(finding.path))
    wanted = {
        _find_line(texts[finding.path], number)
        for finding, numbers in touched.items()
        for number in numbers
    }
    if not wanted:
        return []
    old = _count_old_lines(found, wanted)
    shown = {path: name for name, path in names.items()}
    new: dict[str, Counter[bytes]] = {}
    for path in found.list_present():
        name = shown.get(path, '')
        lines = texts[name] if name in texts else _read_lines(found.top, path)
        new[path] = _count_lines(lines, wanted)
    moved = _find_moved(old, new)

    def is_new(path: str, line: bytes) -> bool:
        return new[path][line] > (old[path][line] if path in old else 0) and line not in moved

    kept = []
    for finding, numbers in touched.items():
        lines = [_find_line(texts[finding.path], number) for number in numbers]
        if any(is_new(names[finding.path], line) for line in lines):
            kept.append(finding)
        elif finding.state == 'open' and finding.parts:
            holding = [path for path, counted in old.items() if any(map(counted.get, lines))]
            if not versions.show(finding, holding):
                kept.append(finding)
    return kept


def _find_moved(old: Mapping[str, Counter[bytes]], new: Mapping[str, Counter[bytes]]) -> set[bytes]:
    """Find lines that were added no more often than they were removed elsewhere in the change.

    If a line was copied, the original cannot be identified.
    """
    gone: Counter[bytes] = Counter()
    come: Counter[bytes] = Counter()
    for path in old.keys() | new.keys():
        before, after = old.get(path, Counter()), new.get(path, Counter())
        gone += before - after
        come += after - before
    return {line for line in come if come[line] <= gone[line]}


def _split_lines(data: bytes) -> list[bytes]:
    """Split a text into lines as findings count them, without the white space around them."""
    text = to_text(data)[0]
    starts = Lines(text).starts
    return [
        text[start:end].strip() for start, end in zip(starts, [*starts[1:], len(text)], strict=True)
    ]


def _find_line(lines: list[bytes], number: int) -> bytes:
    """Return a line by its number, empty beyond the end."""
    return lines[number - 1] if number <= len(lines) else b''


def _read_lines(top: str, path: str) -> list[bytes]:
    """Read the lines of a file of the change; an unreadable file has none."""
    loaded = load_file(UnreadFile(os.path.join(top, path), path))
    return _split_lines(loaded.data) if isinstance(loaded, Blob) else []


def _count_lines(lines: Iterable[bytes], wanted: set[bytes]) -> Counter[bytes]:
    return Counter(line for line in lines if line in wanted)


def _count_old_lines(found: WorkTreeChange, wanted: set[bytes]) -> dict[str, Counter[bytes]]:
    """Count how often the old version of each path had each wanted line.

    A version that is missing (in a partial clone) had none, so the lines count as new.
    """
    paths: dict[str, list[str]] = {}
    for path, blob in found.old.items():
        if blob.strip('0'):
            paths.setdefault(blob, []).append(path)
    counts: dict[str, Counter[bytes]] = {}
    with ObjectReader(found.top) as reader:
        for blob, data in reader.read(list(paths)):
            if data is not None:
                counted = _count_lines(_split_lines(data), wanted)
                counts |= dict.fromkeys(paths[blob], counted)
    return counts

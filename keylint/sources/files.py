"""List files and folders, and open files safely.

Inside a repository it lists tracked files and those that git does not ignore; elsewhere, everything
but dependencies.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator

from keylint.core.blob import Blob, Origin, TreePlace, UnreadFile
from keylint.core.config import Config
from keylint.core.errors import SourceError
from keylint.core.records import NamedTuple
from keylint.core.report import Failure, Report, Skipped
from keylint.sources import MAX_FILE_BYTES, git
from keylint.sources.patience import GitSilentError
from keylint.sources.tree_places import find_prefix, place_file

# Never follow a link or block on a pipe. Windows has neither flag.
OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, 'O_NOFOLLOW', 0)
    | getattr(os, 'O_NONBLOCK', 0)
    | getattr(os, 'O_BINARY', 0)
)
_SQLITE = b'SQLite format 3\x00'
# Folders of build output and dependencies; docs/configuration.md lists them.
LEFT_OUT = frozenset(
    """.git .hg .svn node_modules bower_components .venv venv virtualenv .tox .nox __pycache__
    .mypy_cache .ruff_cache .pytest_cache .hypothesis .eggs site-packages .gradle .idea .next .nuxt
    .cargo .terraform .cache""".split()
)


# How the summary names what `.gitignore` leaves out.
IGNORED = 'ignored by git'
IGNORED_DEPENDENCIES = 'ignored by git (dependencies and caches)'


def list_files(
    paths: list[str], config: Config, report: Report, with_ignored: bool
) -> list[UnreadFile]:
    """List the files below `paths`, sorted, each once.

    Raises SourceError for a path that does not exist.
    """
    found: dict[str, UnreadFile] = {}
    for path in paths:
        for name, place in _list_names(path, report, with_ignored):
            shown = _show_path(name)
            if shown in found:
                continue
            if config.is_excluded(shown):
                report.skip('excluded by configuration')
            else:
                found[shown] = UnreadFile(name, shown, place)
    return list(found.values())


def _show_path(name: str) -> str:
    """Return the path as it is printed: with `/`, without `./`."""
    shown = name.replace(os.sep, '/') if os.sep != '/' else name
    return shown[2:] if shown.startswith('./') else shown


def _list_names(path: str, report: Report, with_ignored: bool) -> Iterator[tuple[str, TreePlace]]:
    """List each file's name for the system and its place in its tree."""
    if not os.path.lexists(path):
        raise SourceError(f'{path}: no such file or folder')
    if not os.path.isdir(path):
        yield path, place_file(path)
        return
    top = None if with_ignored else git.find_work_tree(path)
    names: Iterable[tuple[str, TreePlace]] = ()
    if top:
        try:
            names = list(_list_tracked(path, report))
        except GitSilentError as error:
            shown = _show_path(os.path.relpath(error.path))
            report.failures.append(Failure(shown, 'read', error.why))
            top = None
    yield from names if top else _walk_folder(path, report, with_ignored)


def _list_tracked(path: str, report: Report) -> Iterator[tuple[str, TreePlace]]:
    """List the files below `path` that git tracks or does not ignore, submodules included."""
    listing = git.run_git(
        path, 'ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'
    )
    _count_ignored(path, report)
    submodules = _list_gitlinks(path)
    prefix = '' if path in ('.', './') else os.path.join(path, '')
    root, above = find_prefix(path)
    linked: dict[str, bool] = {'': False}
    for name in sorted(listing.split(b'\x00')):
        if not name:
            continue
        inner = os.fsdecode(name)
        full, is_submodule = prefix + inner, name.rstrip(b'/') in submodules
        if _is_linked(
            prefix, inner.rstrip('/') if is_submodule else inner.rpartition('/')[0], linked
        ):
            report.skip('symbolic link')
        elif not is_submodule:
            yield full, TreePlace(above + inner, root)
        elif os.path.exists(os.path.join(full, '.git')):
            yield from _list_tracked(full, report)
        else:
            report.skip('submodule that is not checked out')


def _count_ignored(path: str, report: Report) -> None:
    """Count what git ignores below a folder: files, and folders that are ignored as a whole.

    Ignored folders of dependencies are expected, but an ignored `.env` is where the keys are.
    """
    listing = git.run_git(
        path, 'ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory'
    )
    rows = sorted(os.fsdecode(name) for name in listing.split(b'\x00') if name.strip(b'./'))
    # git lists a folder with nothing but ignored files as well as the files: drop the folder.
    names = [
        name
        for name, following in zip(rows, [*rows[1:], ''], strict=False)
        if not (name.endswith('/') and following.startswith(name))
    ]
    kept = [name for name in names if name.rstrip('/').rpartition('/')[2] not in LEFT_OUT]
    for count, why in ((len(kept), IGNORED), (len(names) - len(kept), IGNORED_DEPENDENCIES)):
        if count:
            report.skip(why, count)


def _is_linked(prefix: str, folder: str, known: dict[str, bool]) -> bool:
    """Tell whether a folder below `prefix` is now a link, or is inside one.

    git still lists the files that it had. Each folder is looked up once.
    """
    above = []
    while folder not in known:
        above.append(folder)
        folder = folder.rpartition('/')[0]
    found = known[folder]
    for one in reversed(above):
        found = known[one] = found or os.path.islink(prefix + one)
    return found


def _list_gitlinks(path: str) -> set[bytes]:
    """List the names of gitlinks in the index: entries that are repositories themselves."""
    if not os.path.exists(os.path.join(git.find_work_tree(path) or path, '.gitmodules')):
        return set()
    entries = git.run_git(path, 'ls-files', '-z', '--stage').split(b'\x00')
    return {entry.split(b'\t', 1)[1] for entry in entries if entry.startswith(b'160000 ')}


def _walk_folder(path: str, report: Report, with_ignored: bool) -> Iterator[tuple[str, TreePlace]]:
    """List all files below a folder without following links to folders.

    Avoids recursion, because a tree may be deeper than Python's stack.
    """
    opened = [_open_folder(path, *find_prefix(path), report)]
    while opened:
        folder = opened[-1]
        entry = next(folder.entries, None)
        if entry is None:
            opened.pop()
        elif not _is_folder(entry):
            yield entry.path, TreePlace(folder.prefix + entry.name, folder.root)
        elif entry.name in LEFT_OUT and not (with_ignored and entry.name != '.git'):
            report.skip(f'folder {entry.name}')
        else:
            prefix = f'{folder.prefix}{entry.name}/'
            opened.append(_open_folder(entry.path, folder.root, prefix, report))


class _OpenFolder(NamedTuple):
    """A folder being walked: its remaining entries, its tree, and its path below the tree's top."""

    entries: Iterator[os.DirEntry[str]]
    root: str
    prefix: str


def _open_folder(path: str, root: str, prefix: str, report: Report) -> _OpenFolder:
    """List a folder, sorted; an unreadable one is a failure. A repository is its own tree."""
    try:
        entries = sorted(os.scandir(path), key=lambda entry: entry.name)
    except OSError as error:
        failure = Failure(_show_path(path), 'read', error.strerror or type(error).__name__)
        report.failures.append(failure)
        entries = []
    if any(entry.name == '.git' for entry in entries):
        root, prefix = os.path.realpath(path), ''
    return _OpenFolder(iter(entries), root, prefix)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Tell whether an entry is a folder.

    Returns False if the system can no longer say; opening the entry then gives the reason.
    """
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def load_file(file: UnreadFile, most: int = MAX_FILE_BYTES) -> Blob | Failure | Skipped:
    """Load a file without following links or waiting for devices and pipes.

    The file is opened before it is checked, so that nothing can change in between.
    """
    try:
        handle = os.open(file.name, OPEN_FLAGS)
    except OSError as error:
        return _explain_error(error, file.path)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            return Skipped(
                file.path,
                'repository inside a folder' if stat.S_ISDIR(status.st_mode) else 'no regular file',
            )
        if status.st_size > most:
            return Failure(file.path, 'read', f'larger than {most // 1024 // 1024} MB')
        data = _read_content(handle, status.st_size, most)
        return Blob(
            data + _read_log(file.name, most) if data.startswith(_SQLITE) else data,
            Origin(file.path, place=file.place),
        )
    except OSError as error:
        return Failure(file.path, 'read', error.strerror or type(error).__name__)
    finally:
        os.close(handle)


def _read_log(name: str, most: int) -> bytes:
    """Read the write-ahead log beside a database, which has rows that are not yet in the file.

    `archives.sqlite_log` separates the two again.
    """
    try:
        handle = os.open(f'{name}-wal', OPEN_FLAGS)
    except OSError:
        return b''
    try:
        status = os.fstat(handle)
        return (
            _read_content(handle, status.st_size, most)
            if stat.S_ISREG(status.st_mode) and status.st_size <= most
            else b''
        )
    except OSError:
        return b''
    finally:
        os.close(handle)


def _read_content(handle: int, size: int, most: int) -> bytes:
    """Read all bytes of a file whose size was `size`, but may have changed since.

    Raises OSError if the file grows beyond `most` bytes.
    """
    data = os.read(handle, size + 1)
    if len(data) == size:
        return data
    parts, total = [data], len(data)
    while part := os.read(handle, 1 << 20):
        parts.append(part)
        total += len(part)
        if total > most:
            raise OSError(errno.EFBIG, f'larger than {most // 1024 // 1024} MB')
    return b''.join(parts)


def _explain_error(error: OSError, path: str) -> Failure | Skipped:
    if error.errno in (errno.ELOOP, errno.EMLINK):
        return Skipped(path, 'symbolic link')
    if error.errno == errno.ENOENT:
        return Skipped(path, 'deleted in the work tree')
    if error.errno == errno.ENXIO:
        return Skipped(path, 'no regular file')
    return Failure(path, 'read', error.strerror or type(error).__name__)

"""Run git so that a hostile repository cannot run code or fetch.

It uses plumbing commands only: no hooks, no fsmonitor, no filters. This module evaluates its
annotations, because a named tuple would otherwise compile them on import.
"""

import os

from keylint.core import limits
from keylint.core.errors import SourceError
from keylint.core.records import NamedTuple
from keylint.sources.git_command import build_command, make_environment
from keylint.sources.patience import wait_for_output

_EMPTY_TREE = {
    40: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
    64: '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
}
_PART_BYTES = 1 << 20
# How many timeouts git gets where waiting cannot be told from working.
_MAX_SILENCES = 10
_SIGINT, _SIGKILL = 2, 9  # the same on every system; importing `signal` takes 2 ms
_OWNERSHIP_HINT = (
    '; if you trust it, name it in safe.directory: git config --global --add safe.directory PATH'
)
# What git says where there is none, before it names file systems that it did not cross.
_NO_REPOSITORY = 'fatal: not a git repository (or any'
# git sets these for a hook to name its repository. They would redirect every call made here.
_REDIRECTIONS = (
    'GIT_DIR',
    'GIT_WORK_TREE',
    'GIT_COMMON_DIR',
    'GIT_INDEX_FILE',
    'GIT_PREFIX',
    'GIT_NAMESPACE',
)


class _Done(NamedTuple):
    """The exit code of a process and what it printed."""

    code: int
    output: bytes
    errors: bytes


class Answer(NamedTuple):
    """What git printed, its errors, and whether it ran to the end."""

    output: bytes
    errors: tuple[str, ...]
    is_whole: bool


def empty_tree(digits: int) -> str:
    """Return the id of the empty tree, of 40 or 64 digits, which git knows without storing it."""
    return _EMPTY_TREE[digits]


def find_empty_tree(folder: str) -> str:
    """Return the id of the empty tree in a repository's hash format. Raises SourceError."""
    is_sha256 = run_git(folder, 'rev-parse', '--show-object-format').strip() == b'sha256'
    return empty_tree(64 if is_sha256 else 40)


def resolve_head(folder: str, kind: str = '') -> str | None:
    """Return the id that HEAD names, None before the first commit.

    With the `kind` `^{commit}`, also returns None if that commit is missing or is not a commit.
    """
    answer = try_git(folder, 'rev-parse', '--verify', '--quiet', f'HEAD{kind}')
    return answer.output.decode().strip() or None if answer.is_whole else None


def leave_hook() -> None:
    """Make every later git use the folder that it is given, not the one of a calling hook.

    The hook of another repository may have started keylint.
    """
    for name in _REDIRECTIONS:
        os.environ.pop(name, None)


def run_git(folder: str, *arguments: str, given: bytes = b'') -> bytes:
    """Run git and return what it prints.

    `given` is its standard input. Raises SourceError with git's first line when it fails or is
    missing.
    """
    answer = try_git(folder, *arguments, given=given)
    if not answer.is_whole:
        first = next(iter(answer.errors), 'it says nothing')
        if first.startswith(_NO_REPOSITORY):
            raise SourceError(f'{folder}: not a git repository')
        hint = _OWNERSHIP_HINT if 'dubious ownership' in first else ''
        raise SourceError(f'{folder}: git {arguments[0]} failed: {first}{hint}')
    return answer.output


def try_git(folder: str, *arguments: str, given: bytes = b'') -> Answer:
    """Run git and return what it prints, even if it fails midway.

    Raises SourceError if git is missing. A ^C reaches keylint only, which then ends git.
    """
    line = build_command(folder, *arguments)
    try:
        done = _run(folder, line, given)
        if done.code == -_SIGINT:  # ^C arrived before git had its own session
            done = _run(folder, line, given)
    except FileNotFoundError:
        raise SourceError(
            'git is not installed or not on the PATH; keylint needs it for repositories'
        ) from None
    errors = tuple(
        line for line in done.errors.decode('utf-8', 'replace').split('\n') if line.strip()
    )
    return Answer(done.output, errors, done.code == 0)


def _run(folder: str, line: list[str], given: bytes) -> _Done:
    done = _spawn(folder, line, given)
    if done is not None:
        return done
    import subprocess  # noqa: PLC0415 - 4 ms of the hook's 50

    try:
        ended = subprocess.run(
            line,
            capture_output=True,
            env=make_environment(),
            check=False,
            input=given,
            start_new_session=True,
            timeout=limits.GIT_SECONDS * _MAX_SILENCES,
        )
    except subprocess.TimeoutExpired:
        seconds = limits.GIT_SECONDS * _MAX_SILENCES
        raise SourceError(f'{folder}: git took more than {seconds:g} s and was ended') from None
    return _Done(ended.returncode, ended.stdout, ended.stderr)


def _spawn(folder: str, line: list[str], given: bytes) -> _Done | None:
    """Run git without importing `subprocess`.

    Input and errors are files in memory, so only one pipe has to be read. Returns None if Python
    lacks memory files or sessions, as one built on an old Linux does (for example uv's).
    """
    if not hasattr(os, 'memfd_create'):
        return None
    errors = os.memfd_create('errors')
    reader, writer = os.pipe()
    source = _make_input(given)
    actions: list[tuple[object, ...]] = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
        if source is None
        else (os.POSIX_SPAWN_DUP2, source, 0),
        (os.POSIX_SPAWN_DUP2, writer, 1),
        (os.POSIX_SPAWN_DUP2, errors, 2),
    ]
    with open(reader, 'rb', buffering=0), open(errors, 'r+b') as complaints:
        try:
            process = os.posix_spawn(
                line[0], line, make_environment(), file_actions=actions, setsid=True
            )
        except NotImplementedError:
            return None
        finally:
            os.close(writer)
            if source is not None:
                os.close(source)
        try:
            parts = []
            wait_for_output(reader, folder)
            while part := os.read(reader, _PART_BYTES):
                parts.append(part)
                wait_for_output(reader, folder)
        except BaseException:
            os.kill(process, _SIGKILL)
            raise
        finally:
            _, status = os.waitpid(process, 0)
        complaints.seek(0)
        return _Done(os.waitstatus_to_exitcode(status), b''.join(parts), complaints.read())


def _make_input(given: bytes) -> int | None:
    """Put git's input into a memory file and return its descriptor; None if there is no input."""
    if not given:
        return None
    source = os.memfd_create('input')
    with open(source, 'wb', closefd=False) as file:
        file.write(given)
    os.lseek(source, 0, os.SEEK_SET)
    return source


def find_work_tree(folder: str) -> str | None:
    """Find the work tree around `folder`, or None, without running git: it contains a `.git`."""
    folder = start = os.path.realpath(folder)
    while True:
        if os.path.exists(os.path.join(folder, '.git')):
            return folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return _find_told_work_tree(start)
        folder = parent


def _find_told_work_tree(folder: str) -> str | None:
    """Find the work tree that git named to its hook if the repository is elsewhere.

    People keep dotfiles this way, with `git --git-dir … --work-tree ~`.
    """
    told = os.environ.get('GIT_WORK_TREE', '')
    if not told or not os.environ.get('GIT_DIR'):
        return None
    top = os.path.realpath(told)
    return top if folder == top or folder.startswith(top.rstrip(os.sep) + os.sep) else None


def find_top(where: str) -> str | None:
    """Return the top of the work tree around a folder, None for a bare repository."""
    answer = run_git(where, 'rev-parse', '--is-inside-work-tree')
    return find_work_tree(where) if answer.strip() == b'true' else None

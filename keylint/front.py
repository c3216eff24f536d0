"""The front of the hook: `keylint scan --staged FILE…` where nothing is to be said, and no more.

What pre-commit runs on most commits ends here, with few modules of Python loaded. The front may
only say "no findings", with the words of the ordinary way and where that would say so too
(`tests/test_front.py` runs both). For everything else, an option, a setting, a name or a content
that needs a closer look, an accident, it has printed nothing and the ordinary way begins anew.
So there are no regular expressions, named tuples, argparse or YAML here or in what this imports.
"""

from __future__ import annotations

import gc
import os
import select
import sys
from time import perf_counter

from keylint.archives import identify_container
from keylint.core.cache_files import cache_path_stem, read_cache_file
from keylint.core.copies import split_copied_name
from keylint.matcher.engine_module import load_engine
from keylint.matcher.plain_text import is_plain
from keylint.rules.cache_state import describe_state, hold_state
from keylint.rules.gate_file import hold_gate, unpack_gate
from keylint.rules.listing import find_builtin_rules
from keylint.sources.git_command import build_command, make_environment
from keylint.sources.unpack_object import unpack_blob

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

    Gate = Callable[[bytes], list[tuple[str, int]]]

# From so many files on, what was clean before is remembered.
_MAX_FILES = 32
_MAX_BYTES = 4 << 20
# A text with more matches than this may be one that is not looked at to its end.
_MAX_MATCHES = 2_000
_GIT_SECONDS = 2
_SIGKILL, _SIGINT_CODE = 9, 130
_OPEN_FLAGS = os.O_RDONLY | getattr(os, 'O_NOFOLLOW', 0) | getattr(os, 'O_NONBLOCK', 0)
_PLAIN_MODES = (b'100644', b'100755')
# Python looks for circles of objects so often while modules are imported that it takes a
# twentieth of a run: they make none.
_COLLECT_AFTER = 50_000
# The one setting that says nothing of what is scanned and how.
_CACHE_VARIABLE = 'KEYLINT_CACHE_DIR'
_CONFIG, _BASELINE = 'keylint.toml', '.keylint-baseline.json'
_PROJECT, _TABLE = 'pyproject.toml', b'tool.keylint'
# Files whose names and values stand apart, or that are read by more than the gate.
_TABLES = ('csv', 'tsv')
_SPECIAL_ENDINGS = ('.ipynb', '.html', '.htm', '~')
_INVENTORY_START = 'keys.'
# How texts in other encodings begin, and pointers of Git LFS; the mark that accepts findings.
_SPECIAL_HEADS = (b'\xff\xfe', b'\xfe\xff', b'\xef\xbb\xbf', b'version ')
_MARK = b'keylint:'
# What values in names consist of; shorter ones are none.
_VALUE_CHARS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+=~'
_MIN_VALUE_CHARS, _UUID_HEAD_CHARS = 16, 8
_HEX = '0123456789abcdefABCDEF'
_ENCODINGS = ('utf-8', 'ascii')


def entry() -> NoReturn:
    """Run the command line: the front where it suffices, else all of keylint."""
    try:
        if sys.argv[1:2] == ['agent-hook']:
            _answer_agent(sys.argv[2:])
        summary = summarize_clean_index(sys.argv[1:])
        if summary and os.write(1, summary) == len(summary):
            os._exit(0)
    except KeyboardInterrupt:
        os.write(2, b'keylint: interrupted\n')
        os._exit(_SIGINT_CODE)
    except Exception:  # noqa: BLE001, S110 - the ordinary way says what is wrong
        pass
    gc.set_threshold(_COLLECT_AFTER)
    from keylint.cli import entry as enter_all  # noqa: PLC0415 - that is what the front is for

    enter_all()


def _answer_agent(arguments: list[str]) -> None:
    """Answer the event of a coding agent and end where nothing in it is to be judged."""
    if _is_usual_process():
        quick = __import__('keylint.agents.quick', fromlist=['answer_quickly'])
        answer = quick.answer_quickly(arguments, _load_gate, _is_usual_and_clean)
        if answer is not None:
            os.write(1, answer.output.encode())
            os._exit(answer.code)


def _is_usual_and_clean(name: str, data: bytes, gate: Gate) -> bool:
    return _is_usual_name(name) and _is_clean(name, data, gate)


def summarize_clean_index(arguments: list[str]) -> bytes:
    """Return the last line of a run that found nothing; empty where more is to be looked at."""
    names = arguments[2:]
    is_plain_call = arguments[:2] == ['scan', '--staged'] and 0 < len(names) <= _MAX_FILES
    if not is_plain_call or not _is_usual_process() or not all(map(_is_usual_name, names)):
        return b''
    if not _is_usual_repository():
        return b''
    started = perf_counter()
    git = _Git('--literal-pathspecs', 'ls-files', '--full-name', '--stage', '-z', '--', *names)
    try:
        gate = _load_gate()  # while git is at work
    finally:
        listing = git.read_answer()
    entries = _read_entries(listing)
    if gate is None or entries.keys() != set(names):
        return b''
    total = 0
    for name, object_id in entries.items():
        data = _read_object(object_id)
        if data is None or not _is_clean(name, data, gate):
            return b''
        total += len(data)
    return _format_summary(len(entries), total, perf_counter() - started)


def _is_usual_process() -> bool:
    """Check that no variable changes what is scanned, and that what is printed is ASCII."""
    own = [name for name in os.environ if name.startswith('KEYLINT_')]
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return (
        own in ([], [_CACHE_VARIABLE])
        and os.name == 'posix'
        and None not in streams
        and sys.stdout.encoding.lower() in _ENCODINGS
    )


def _is_usual_name(name: str) -> bool:
    """Check a path: no option, no special kind of file, nothing in it that could be a value."""
    base = name.rpartition('/')[2]
    if not name.isprintable() or name.startswith('-') or not base or '\\' in name:
        return False
    ending = split_copied_name(name, _TABLES)[-1]
    if ending in _TABLES or base.startswith(_INVENTORY_START) or base.endswith(_SPECIAL_ENDINGS):
        return False
    pieces = ''.join(char if char in _VALUE_CHARS else ' ' for char in name).split()
    has_value = any(len(piece) >= _MIN_VALUE_CHARS for piece in pieces)
    return not has_value and not any(map(_may_begin_uuid, name.split('-')[:-1]))


def _may_begin_uuid(piece: str) -> bool:
    tail = piece[-_UUID_HEAD_CHARS:]
    return len(tail) == _UUID_HEAD_CHARS and not tail.strip(_HEX)


def _is_usual_repository() -> bool:
    """Check that this is the top of a repository, without a baseline.

    A configuration must be one that was read before and only says what is shown of findings.
    """
    if not os.path.isdir('.git') or os.path.lexists(_BASELINE):
        return False
    if os.path.lexists(_CONFIG):
        own = _read_file(_CONFIG)
        return own is not None and _is_known_config(_CONFIG, own)
    if not os.path.lexists(_PROJECT):
        return True
    project = _read_file(_PROJECT)
    return project is not None and (_TABLE not in project or _is_known_config(_PROJECT, project))


def _is_known_config(name: str, data: bytes) -> bool:
    known = __import__('keylint.core.plain_config', fromlist=['is_known_config'])
    return known.is_known_config(name, data) is True


def _load_gate() -> Gate | None:
    """Load the gate from the cache; None where it is missing, old, or of another CPU."""
    engine, version = load_engine()
    folders = (find_builtin_rules(),)
    state = describe_state(folders, version)
    hold_state(folders, version, state)
    stem = cache_path_stem(state)
    body = read_cache_file(f'{stem}.gate', state)
    gate = unpack_gate(body) if body is not None and os.path.exists(f'{stem}.pack') else None
    if gate is None:
        return None
    database, kinds = engine.loadb(gate.database, engine.HS_MODE_BLOCK), gate.kinds
    hold_gate(state, gate, database)
    scratch = engine.Scratch(database)

    def find(data: bytes) -> list[tuple[str, int]]:
        found: list[tuple[str, int]] = []

        def collect(number: int, _start: int, end: int, _flags: int, _: object) -> bool:
            found.append((kinds[number], end))
            return len(found) > _MAX_MATCHES

        database.scan(data, match_event_handler=collect, scratch=scratch)
        return found

    return find


class _Git:
    """A git that runs beside this process. It is ended where it complains or takes its time."""

    def __init__(self, *arguments: str) -> None:
        line = build_command('.', *arguments)
        self._reader, writer = os.pipe()
        try:
            self._process = os.posix_spawn(
                line[0],
                line,
                make_environment(),
                file_actions=[
                    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                    (os.POSIX_SPAWN_DUP2, writer, 1),
                    (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
                ],
                setsid=True,
            )
        finally:
            os.close(writer)

    def read_answer(self) -> bytes:
        """Return all that git prints; nothing where it fails or is silent for too long."""
        waiting = select.poll()
        waiting.register(self._reader, select.POLLIN)
        parts = []
        is_whole = False
        try:
            while not is_whole and waiting.poll(_GIT_SECONDS * 1000):
                parts.append(os.read(self._reader, 1 << 16))
                is_whole = not parts[-1]
        finally:
            os.close(self._reader)
            if not is_whole:
                os.kill(self._process, _SIGKILL)
            _, status = os.waitpid(self._process, 0)
        return b''.join(parts) if is_whole and status == 0 else b''


def _read_entries(listing: bytes) -> dict[str, str]:
    """Return paths and object ids of an index in which all are plain files; else nothing."""
    found = {}
    for row in listing.split(b'\x00')[:-1]:
        meta, _, name = row.partition(b'\t')
        mode, object_id, stage = meta.split(b' ')
        if mode not in _PLAIN_MODES or stage != b'0':
            return {}
        found[name.decode()] = object_id.decode()
    return found


def _read_object(object_id: str) -> bytes | None:
    """Return the content of a blob that lies in a file of its own; None for any other."""
    packed = _read_file(os.path.join('.git', 'objects', object_id[:2], object_id[2:]))
    return None if packed is None else unpack_blob(packed, _MAX_BYTES)


def _read_file(path: str) -> bytes | None:
    """Read a plain file of moderate size; None for anything else."""
    try:
        with open(os.open(path, _OPEN_FLAGS), 'rb') as file:
            status = os.fstat(file.fileno())
            is_plain_file = status.st_mode & 0o170000 == 0o100000
            return file.read() if is_plain_file and status.st_size <= _MAX_BYTES else None
    except OSError:
        return None


def _is_clean(name: str, data: bytes, gate: Gate) -> bool:
    """Tell whether a text is plain UTF-8, and nothing that the gate sees in it means anything."""
    if b'\x00' in data or data.startswith(_SPECIAL_HEADS) or _MARK in data:
        return False
    if not data:
        return True
    if identify_container(name, data):
        return False
    return all(is_plain(name, data, kind, end) for kind, end in gate(data))


def _format_summary(files: int, size: int, seconds: float) -> bytes:
    """Format the line as `reporters.text_report` does."""
    amount = f'{size} byte{"s" * (size != 1)}'
    if size >= 1_000:
        amount = f'{size / 1_000:.0f} kB' if size < 1_000_000 else f'{size / 1_000_000:.1f} MB'
    return f'no findings in {files} file{"s" * (files != 1)} ({amount}, {seconds:.2f} s)\n'.encode()

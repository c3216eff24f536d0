"""The rule pack, from the cache when nothing has changed, else compiled and cached.

The cache lies under the user's cache folder (mode 0700), never in the scanned tree. Its name is a digest of the rule
files' names, sizes and times, of keylint and of Hyperscan; a file that does not load, or that others may read or write, is made anew.
"""

from __future__ import annotations

import marshal
import os
import stat
import sys
import threading
import zlib

from keylint import __version__
from keylint.errors import RuleError
from keylint.gates.engine import Gate, GateError, compile_gate, load_gate, version
from keylint.rulepack.listing import built_in, listing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from keylint.rulepack.pack import Pack

_KEPT = 16
_COUNT = 4  # bytes for the number of the first pattern that is about declarations
_MAGIC = b'keylint-pack\n'
_OPEN = os.O_RDONLY | getattr(os, 'O_NONBLOCK', 0) | getattr(os, 'O_BINARY', 0)  # a pipe must not be waited for


def cache_folder() -> str:
    """`$KEYLINT_CACHE_DIR`, or `keylint` in the user's cache folder."""
    own = os.environ.get('KEYLINT_CACHE_DIR')
    if own:
        return own
    if sys.platform == 'win32':
        base = os.environ.get('LOCALAPPDATA') or os.path.expanduser('~')
    elif sys.platform == 'darwin':
        base = os.path.expanduser('~/Library/Caches')
    else:
        base = os.environ.get('XDG_CACHE_HOME') or os.path.expanduser('~/.cache')
    return os.path.join(base, 'keylint')


class Rules:
    """The rules of a run: the gate at once, the whole pack when something wakes."""

    def __init__(
        self, gate: Gate, first_declaration: int, folders: tuple[str, ...], read_rest: Callable[[], tuple[dict[str, object], Gate, Gate]]
    ) -> None:
        self.gate = gate
        self.first_declaration = first_declaration
        self.folders = folders
        self._read_rest = read_rest
        self._pack: Pack | None = None

    @property
    def pack(self) -> Pack:
        """Tables, names and texts."""
        if self._pack is None:
            from keylint.rulepack.pack import Pack  # noqa: PLC0415 - most runs of the hook end before this

            tables, words, placeholders = self._read_rest()
            self._pack = Pack(tables, self.gate, words, placeholders, self.folders)
        return self._pack


def load_rules(extra: tuple[str, ...] = ()) -> Rules:
    """The built-in rules and those of the folders `extra`. Raises RuleError."""
    folders = (built_in(), *extra)
    state = repr((listing(folders), _own_files(), __version__, version(), sys.version_info[:3])).encode()
    stem = os.path.join(cache_folder(), f'{zlib.crc32(state):08x}{zlib.adler32(state):08x}')
    gate, rest = _read(f'{stem}.gate', state), f'{stem}.pack'
    if gate is not None and os.path.exists(rest):
        try:
            return Rules(load_gate(gate[_COUNT:]), int.from_bytes(gate[:_COUNT]), folders, lambda: _rest(rest, state, folders))
        except GateError:
            pass  # made for another CPU
    tables, compiled, words, placeholders = _compile(folders)
    first = int(str(tables['first_declaration']))
    _write(f'{stem}.gate', state, first.to_bytes(_COUNT) + compiled.to_bytes())
    _write(rest, state, marshal.dumps((tables, words.to_bytes(), placeholders.to_bytes())))
    return Rules(compiled, first, folders, lambda: (tables, words, placeholders))


def _rest(path: str, state: bytes, folders: tuple[str, ...]) -> tuple[dict[str, object], Gate, Gate]:
    """Tables and the gates of words and placeholders from the cache, or made anew when the file is broken."""
    data = _read(path, state)
    try:
        tables, words, placeholders = marshal.loads(data or b'')  # noqa: S302 - our own file, in the user's folder, mode 0700
        return tables, load_gate(words), load_gate(placeholders)
    except (EOFError, ValueError, TypeError, GateError):
        tables, _, words_gate, placeholder_gate = _compile(folders)
        return tables, words_gate, placeholder_gate


def _own_files() -> list[tuple[int, int]]:
    """Size and time of the modules that make the pack: a checkout that changes them must not load an old one."""
    here = os.path.dirname(os.path.abspath(__file__))
    above = (('gates', 'patterns.py'), ('gates', 'layers.py'), ('detect', 'names.py'))
    names = ('compile.py', 'plugins.py', *(os.path.join('..', *path) for path in above))
    found = [os.stat(os.path.join(here, name)) for name in names]
    return [(status.st_size, status.st_mtime_ns) for status in found]


def _compile(folders: tuple[str, ...]) -> tuple[dict[str, object], Gate, Gate, Gate]:
    """Tables, gate, and the gates of words and placeholders."""
    from keylint.rulepack.compile import compile_gate_tables, compile_pack  # noqa: PLC0415 - PyYAML and detect-secrets: only without a cache
    from keylint.rulepack.files import read_dossiers, read_shared  # noqa: PLC0415
    from keylint.validators.checksums import CHECKS  # noqa: PLC0415

    dossiers = read_dossiers(folders, frozenset(CHECKS))
    first = compile_gate_tables(dossiers)
    gate = _Aside(first['gate'], first['first_declaration'])
    gate.start()
    tables = compile_pack(dossiers, read_shared(), first)
    words = _gate([b'(?i)' + _literal(text) for text, _, _ in tables['words']])
    placeholders = _gate(tables['placeholders'][0])
    return tables, gate.wait(), words, placeholders


class _Aside(threading.Thread):
    """A gate that another core compiles: Hyperscan lets Python go on meanwhile."""

    def __init__(self, patterns: list[bytes], once_from: int) -> None:
        super().__init__()
        self._arguments = patterns, once_from
        self._gate: Gate | None = None
        self._error: BaseException | None = None

    def run(self) -> None:
        """Compile."""
        try:
            self._gate = _gate(*self._arguments)
        except BaseException as error:  # noqa: BLE001 - told by `wait`
            self._error = error

    def wait(self) -> Gate:
        """The gate. Raises RuleError."""
        self.join()
        if self._gate is None:
            raise self._error or RuleError('the rules were not compiled')
        return self._gate


def _gate(patterns: list[bytes], once_from: int | None = None) -> Gate:
    """The gate, or a RuleError that names the pattern which Hyperscan refuses."""
    try:
        return compile_gate(patterns, once_from)
    except GateError as error:
        for pattern in patterns:
            try:
                compile_gate([pattern])
            except GateError as why:
                raise RuleError(f'Hyperscan does not take the pattern {pattern.decode("utf-8", "replace")!r}: {why}') from None
        raise RuleError(f'the rules do not compile together: {error}') from None


def _literal(text: str) -> bytes:
    return ''.join(c if c.isalnum() else f'\\{c}' if c.isascii() and not c.isspace() else c for c in text).encode()


def _read(path: str, state: bytes) -> bytes | None:
    """What a cache file holds behind its head, or None when it is missing, cut off or made for another state."""
    try:
        with open(os.open(path, _OPEN), 'rb') as file:
            data = file.read() if _is_own(os.fstat(file.fileno())) else b''
    except OSError:
        return None
    head = _MAGIC + state
    body, check = data[len(head) : -4], data[-4:]
    return body if data.startswith(head) and zlib.crc32(body).to_bytes(4) == check else None


def _is_own(status: os.stat_result) -> bool:
    """Whether nobody but this user can have written a file, or reads it: not another user, and not a checkout of git with its usual modes."""
    return stat.S_ISREG(status.st_mode) and (sys.platform == 'win32' or (status.st_uid == os.geteuid() and not status.st_mode & 0o077))


def _write(path: str, state: bytes, body: bytes) -> None:
    """Atomic, and silent when the folder cannot be written: the next run is slower, nothing else."""
    from keylint.atomic import replace_file  # noqa: PLC0415 - only when a cache is written

    folder = os.path.dirname(path)
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        replace_file(path, _MAGIC + state + body + zlib.crc32(body).to_bytes(4), 0o600)
        _prune(folder)
    except OSError:
        return


def _prune(folder: str) -> None:
    """Remove all but the newest cache files: each state of the rules leaves two behind."""
    files = [entry for entry in os.scandir(folder) if entry.name.endswith(('.gate', '.pack'))]
    for entry in sorted(files, key=lambda entry: entry.stat().st_mtime, reverse=True)[_KEPT:]:
        os.unlink(entry.path)

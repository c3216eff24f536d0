"""The rule pack, from the cache when nothing has changed, else compiled and cached.

The cache lies under the user's cache folder (mode 0700), never in the scanned tree. Its name is a digest of the rule
files' names, sizes and times, of keylint and of Hyperscan; a file that does not load is made anew.
"""

from __future__ import annotations

import marshal
import os
import sys
import zlib

from keylint import __version__
from keylint.errors import RuleError
from keylint.gates.engine import Gate, GateError, compile_gate, load_gate, version
from keylint.rulepack.pack import Pack

_MAGIC = b'keylint-pack\n'


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


def load_pack(extra: tuple[str, ...] = ()) -> Pack:
    """The built-in rules and those of the folders `extra`. Raises RuleError."""
    from keylint.rulepack.listing import built_in, listing  # noqa: PLC0415 - a module of its own, without PyYAML

    folders = (built_in(), *extra)
    state = repr((listing(folders), _own_files(), __version__, version(), sys.version_info[:3])).encode()
    path = os.path.join(cache_folder(), f'pack-{zlib.crc32(state):08x}-{zlib.adler32(state):08x}')
    cached = _read(path, state)
    if cached is not None:
        return Pack(*cached, folders)
    tables, gate, words_gate = _compile(folders)
    _write(path, state, tables, gate, words_gate)
    return Pack(tables, gate, words_gate, folders)


def _own_files() -> list[tuple[int, int]]:
    """Size and time of the modules that make the pack: a checkout that changes them must not load an old one."""
    here = os.path.dirname(os.path.abspath(__file__))
    names = ('compile.py', 'plugins.py', os.path.join('..', 'gates', 'patterns.py'), os.path.join('..', 'detect', 'names.py'))
    found = [os.stat(os.path.join(here, name)) for name in names]
    return [(status.st_size, status.st_mtime_ns) for status in found]


def _compile(folders: tuple[str, ...]) -> tuple[dict[str, object], Gate, Gate]:
    from keylint.rulepack.compile import compile_pack  # noqa: PLC0415 - PyYAML and detect-secrets: only without a cache
    from keylint.rulepack.files import read_dossiers, read_shared  # noqa: PLC0415
    from keylint.validators import CHECKS  # noqa: PLC0415

    tables = compile_pack(read_dossiers(folders, frozenset(CHECKS)), read_shared())
    words = [b'(?i)' + _literal(text) for text, _, _ in tables['words']]
    return tables, _gate(tables['gate']), _gate(words)


def _gate(patterns: list[bytes]) -> Gate:
    """The gate, or a RuleError that names the pattern which Hyperscan refuses."""
    try:
        return compile_gate(patterns)
    except GateError as error:
        for pattern in patterns:
            try:
                compile_gate([pattern])
            except GateError as why:
                raise RuleError(f'Hyperscan does not take the pattern {pattern.decode("utf-8", "replace")!r}: {why}') from None
        raise RuleError(f'the rules do not compile together: {error}') from None


def _literal(text: str) -> bytes:
    return ''.join(c if c.isalnum() else f'\\{c}' if c.isascii() and not c.isspace() else c for c in text).encode()


def _read(path: str, state: bytes) -> tuple[dict[str, object], Gate, Gate] | None:
    try:
        with open(path, 'rb') as file:
            data = file.read()
        head = _MAGIC + state
        if not data.startswith(head):
            return None
        tables, gate, words_gate = marshal.loads(data[len(head) :])  # noqa: S302 - our own file, in the user's folder, mode 0700
        return tables, load_gate(gate), load_gate(words_gate)
    except Exception:  # noqa: BLE001 - whatever is wrong with a cache file, making it anew is the answer
        return None


def _write(path: str, state: bytes, tables: dict[str, object], gate: Gate, words_gate: Gate) -> None:
    """Atomic, and silent when the folder cannot be written: the next run is slower, nothing else."""
    import tempfile  # noqa: PLC0415 - only when a cache is written

    folder = os.path.dirname(path)
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, 'wb') as file:
            file.write(_MAGIC + state + marshal.dumps((tables, gate.to_bytes(), words_gate.to_bytes())))
        os.replace(temporary, path)
    except OSError:
        return

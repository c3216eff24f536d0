"""The rule pack, from the cache when nothing has changed, else compiled and cached.

The cache is made for the rule files' names, sizes and times, for keylint, Python and Hyperscan; a file that does not load is made anew.
"""

from __future__ import annotations

import marshal
import os
import sys
import threading

from keylint._version import __version__
from keylint.core import cache_files as caches
from keylint.core.errors import RuleError
from keylint.matcher.hyperscan import Gate, GateError, compile_gate, load_gate, version
from keylint.matcher.patterns import SENTENCES
from keylint.rules.listing import built_in, listing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from keylint.rules.rule_set import Pack

_COUNT = 4  # bytes for the number of the first pattern that is about declarations
_SUFFIXES = ('.gate', '.pack')
_PACK_MODULES = (
    'core/names.py',
    'matcher/encoded_patterns.py',
    'matcher/patterns.py',
    'rules/compile.py',
    'rules/plugins.py',
)


class Rules:
    """The rules of a run: the gate at once, the whole pack when something wakes. `state` differs wherever the rules do."""

    def __init__(
        self,
        gate: Gate,
        first_declaration: int,
        folders: tuple[str, ...],
        state: bytes,
        read_rest: Callable[[], tuple[dict[str, object], Gate, Gate]],
    ) -> None:
        self.gate = gate
        self.first_declaration = first_declaration
        self.folders = folders
        self.state = state
        self._read_rest = read_rest
        self._pack: Pack | None = None

    @property
    def pack(self) -> Pack:
        """Tables, names and texts."""
        if self._pack is None:
            from keylint.rules.rule_set import Pack  # noqa: PLC0415 - most runs of the hook end before this

            tables, words, placeholders = self._read_rest()
            self._pack = Pack(tables, self.gate, words, placeholders, self.folders)
        return self._pack


def load_rules(extra: tuple[str, ...] = ()) -> Rules:
    """The built-in rules and those of the folders `extra`. Raises RuleError."""
    folders = (built_in(), *extra)
    state = repr(
        (listing(folders), _own_files(), __version__, version(), sys.version_info[:3])
    ).encode()
    stem = caches.stem_of(state)
    gate, rest = caches.read(f'{stem}.gate', state), f'{stem}.pack'
    if gate is not None and os.path.exists(rest):
        try:
            return Rules(
                load_gate(gate[_COUNT:]),
                int.from_bytes(gate[:_COUNT]),
                folders,
                state,
                lambda: _rest(rest, state, folders),
            )
        except GateError:
            pass  # made for another CPU
    tables, compiled, words, placeholders = _compile(folders)
    first = int(str(tables['first_declaration']))
    caches.write(f'{stem}.gate', state, first.to_bytes(_COUNT) + compiled.to_bytes(), _SUFFIXES)
    caches.write(
        rest, state, marshal.dumps((tables, words.to_bytes(), placeholders.to_bytes())), _SUFFIXES
    )
    return Rules(compiled, first, folders, state, lambda: (tables, words, placeholders))


def _rest(
    path: str, state: bytes, folders: tuple[str, ...]
) -> tuple[dict[str, object], Gate, Gate]:
    """Tables and the gates of words and placeholders from the cache, or made anew when the file is broken."""
    data = caches.read(path, state)
    try:
        tables, words, placeholders = marshal.loads(data or b'')  # noqa: S302 - our own file, in the user's folder, mode 0700
        return tables, load_gate(words), load_gate(placeholders)
    except (EOFError, ValueError, TypeError, GateError):
        tables, _, words_gate, placeholder_gate = _compile(folders)
        return tables, words_gate, placeholder_gate


def _own_files() -> list[tuple[int, int]]:
    """Size and time of the modules that make the pack: a checkout that changes them must not load an old one."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    found = [os.stat(os.path.join(package, *name.split('/'))) for name in _PACK_MODULES]
    return [(status.st_size, status.st_mtime_ns) for status in found]


def _compile(folders: tuple[str, ...]) -> tuple[dict[str, object], Gate, Gate, Gate]:
    """Tables, gate, and the gates of words and placeholders."""
    from keylint.rules.compile import compile_gate_tables, compile_pack  # noqa: PLC0415 - PyYAML and detect-secrets: only without a cache
    from keylint.rules.files import read_dossiers, read_shared  # noqa: PLC0415
    from keylint.validators.checksums import CHECKS  # noqa: PLC0415

    dossiers = read_dossiers(folders, frozenset(CHECKS))
    first = compile_gate_tables(dossiers)
    gate = _Aside(first['gate'], first['first_declaration'] + len(SENTENCES))
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
                raise RuleError(
                    f'Hyperscan does not take the pattern {pattern.decode("utf-8", "replace")!r}: {why}'
                ) from None
        raise RuleError(f'the rules do not compile together: {error}') from None


def _literal(text: str) -> bytes:
    return ''.join(
        c if c.isalnum() else f'\\{c}' if c.isascii() and not c.isspace() else c for c in text
    ).encode()

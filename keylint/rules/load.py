"""Load the compiled rules from the cache when nothing has changed, else compile and cache them.

The cache is made for the rule files' names, sizes and times, for keylint, Python and Hyperscan. A
file that does not load is made anew. Every run of the hook comes here: what most of them do not
need is imported where it is needed.
"""

from __future__ import annotations

import marshal
import os
import sys

from keylint._version import __version__
from keylint.core import cache_files as caches
from keylint.matcher.hyperscan import DatabaseError, Matcher, hyperscan_version, load_database
from keylint.matcher.patterns import list_patterns
from keylint.rules.listing import find_builtin_rules, list_definitions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keylint.rules.compile_pack import CompiledPack
    from keylint.rules.rule_set import PackParts, RuleSet

_COUNT_BYTES = 4  # of each of the two counts in front of the database: tokens, plugins
_SUFFIXES = ('.gate', '.pack')
# Modules whose text decides what is compiled. tests/rules/test_load.py finds what is missing.
_PACK_MODULES = (
    'core/claims.py',
    'core/model.py',
    'core/names.py',
    'core/terms.py',
    'matcher/encoded_patterns.py',
    'matcher/hyperscan.py',
    'matcher/match.py',
    'matcher/patterns.py',
    'rules/ask_types.py',
    'rules/box_schema.py',
    'rules/box_types.py',
    'rules/compile.py',
    'rules/compile_boxes.py',
    'rules/compile_names.py',
    'rules/compile_pack.py',
    'rules/compile_rules.py',
    'rules/compile_tokens.py',
    'rules/declaration_types.py',
    'rules/declared_schema.py',
    'rules/digest.py',
    'rules/file_types.py',
    'rules/files.py',
    'rules/form.py',
    'rules/library_types.py',
    'rules/plugins.py',
    'rules/policy_types.py',
    'rules/rights.py',
    'rules/schema.py',
    'rules/types.py',
    'validators/checksums.py',
    'validators/key_material.py',
    'validators/phrases.py',
    'validators/placeholders.py',
)


class Rules:
    """The rules of a run: the matcher at once, the whole pack when something matches.

    `state` differs wherever the rules do. `pack_file` is the cache file of the pack; `parts` are
    what it holds where the rules have just been compiled.
    """

    def __init__(
        self,
        matcher: Matcher,
        folders: tuple[str, ...],
        state: bytes,
        pack_file: str,
        parts: PackParts | None = None,
    ) -> None:
        self.matcher = matcher
        self.folders = folders
        self.state = state
        self._pack_file = pack_file
        self._parts = parts
        self._pack: RuleSet | None = None

    @property
    def pack(self) -> RuleSet:
        """Tables, names and texts."""
        if self._pack is None:
            from keylint.rules.rule_set import RuleSet, decode_pack  # noqa: PLC0415 - see above

            parts = self._parts or decode_pack(caches.read_cache_file(self._pack_file, self.state))
            tables, words, placeholders = parts or _compile(self.folders).parts
            self._pack = RuleSet(tables, self.matcher, words, placeholders, self.folders)
        return self._pack


def load_rules(extra: tuple[str, ...] = ()) -> Rules:
    """Load the built-in rules and those of the folders `extra`. Raises RuleError."""
    folders = (find_builtin_rules(), *extra)
    state = repr(
        (
            list_definitions(folders),
            _own_files(),
            __version__,
            hyperscan_version(),
            sys.version_info[:3],
        )
    ).encode()
    stem = caches.cache_path_stem(state)
    gate, rest = caches.read_cache_file(f'{stem}.gate', state), f'{stem}.pack'
    if gate is not None and os.path.exists(rest):
        try:
            return Rules(_read_matcher(gate), folders, state, rest)
        except DatabaseError:
            pass  # made for another CPU
    _announce_compilation()
    compiled = _compile(folders)
    tables, words, placeholders = compiled.parts
    counts = len(tables.tokens), len(tables.plugins)
    head = b''.join(count.to_bytes(_COUNT_BYTES) for count in counts)
    caches.write_cache_file(f'{stem}.gate', state, head + compiled.database.to_bytes(), _SUFFIXES)
    caches.write_cache_file(
        rest,
        state,
        marshal.dumps((tuple(tables), words.to_bytes(), placeholders.to_bytes())),
        _SUFFIXES,
    )
    matcher = Matcher(compiled.database, list_patterns(*counts))
    return Rules(matcher, folders, state, rest, compiled.parts)


def _read_matcher(data: bytes) -> Matcher:
    """Read the matcher from the cache: two counts, then the database. Raises DatabaseError."""
    start = 2 * _COUNT_BYTES
    tokens, plugins = (
        int.from_bytes(data[place : place + _COUNT_BYTES]) for place in (0, _COUNT_BYTES)
    )
    return Matcher(load_database(data[start:]), list_patterns(tokens, plugins))


def _own_files() -> list[tuple[int, int]]:
    """List size and time (ns) of the modules that make the pack.

    A checkout that changes one of them must not load what it made before.
    """
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    found = [os.stat(os.path.join(package, *name.split('/'))) for name in _PACK_MODULES]
    return [(status.st_size, status.st_mtime_ns) for status in found]


def _announce_compilation() -> None:
    """Say on a terminal why this run takes seconds, unless it was asked to be quiet."""
    is_wanted = os.environ.get('KEYLINT_QUIET', '0') in ('', '0')
    if is_wanted and sys.stderr is not None and sys.stderr.isatty():
        sys.stderr.write('keylint: preparing rules (first run, or rules have changed)\n')
        sys.stderr.flush()


def _compile(folders: tuple[str, ...]) -> CompiledPack:
    """Compile the rules from their files. Raises RuleError."""
    from keylint.rules.compile_pack import compile_pack  # noqa: PLC0415 - without a cache only

    return compile_pack(folders)

"""Keep compiled regular expressions in the cache, for `regex_cache.py`."""

from __future__ import annotations

import marshal
import re
from array import array
from importlib import import_module
from typing import TYPE_CHECKING, Any

from keylint.core.cache_files import cache_path_stem
from keylint.core.regex_cache import PATTERNS, WORDS, describe_python, make_pattern
from keylint.core.write_cache import write_cache_file

if TYPE_CHECKING:
    from keylint.core.regex_cache import Kept, Key

# No more than this many are kept: the expressions of a user's own rules keep changing.
_MAX_KEPT = 2_000


def write_regex_cache() -> None:
    """Add the expressions that this process had to compile to those in the cache."""
    room = _MAX_KEPT - len(PATTERNS.kept)
    added = dict(list(_make_kept(PATTERNS.missed).items())[: max(room, 0)])
    PATTERNS.missed.clear()
    if not added:
        return
    PATTERNS.kept.update(added)
    state = describe_python()
    body = marshal.dumps(PATTERNS.kept)
    write_cache_file(f'{cache_path_stem(state)}.expressions', state, body, ('.expressions',))


def _make_kept(missed: dict[Key, re.Pattern[Any]]) -> dict[Key, Kept]:
    """Return the expressions to keep: none if this Python compiles in another way."""
    made = {}
    for key, compiled in missed.items():
        try:
            kept = _compile_code(*key)
            is_same = make_pattern(key[0], kept) == compiled
        except Exception:  # noqa: BLE001 - the modules are Python's own affair
            return {}
        if is_same and dict(compiled.groupindex) == kept[3]:
            made[key] = kept
    return made


def _compile_code(source: str | bytes, flags: int) -> Kept:
    """Compile an expression as `re` does, up to the code."""
    compiler, parser = import_module('re._compiler'), import_module('re._parser')
    parsed = parser.parse(source, flags)
    code = array(WORDS[import_module('_sre').CODESIZE], compiler._code(parsed, flags))
    names = dict(parsed.state.groupdict)
    by_number: list[str | None] = [None] * parsed.state.groups
    for name, number in names.items():
        by_number[number] = name
    flags |= parsed.state.flags
    return int(flags), code.tobytes(), parsed.state.groups - 1, names, tuple(by_number)

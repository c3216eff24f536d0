"""Say how a program in another language reads a variable of the environment.

`keylint fix` edits Python only; for other languages it names the expression that should replace the
value: the call of the language's own standard library.
"""

from __future__ import annotations

from collections.abc import Iterable

_ROWS = (
    ('js mjs cjs jsx ts mts cts tsx', 'process.env.{}'),
    ('go', 'os.Getenv("{}")'),
    ('rs', 'std::env::var("{}")'),
    ('java kt kts scala groovy gradle', 'System.getenv("{}")'),
    ('cs fs vb', 'Environment.GetEnvironmentVariable("{}")'),
    ('rb', "ENV.fetch('{}')"),
    ('php', "getenv('{}')"),
    ('swift', 'ProcessInfo.processInfo.environment["{}"]'),
    ('dart', "Platform.environment['{}']"),
    ('ex exs', 'System.fetch_env!("{}")'),
    ('erl', 'os:getenv("{}")'),
    ('clj cljs', '(System/getenv "{}")'),
    ('lua', 'os.getenv("{}")'),
    ('pl pm', '$ENV{{{}}}'),
    ('r', 'Sys.getenv("{}")'),
    ('jl', 'ENV["{}"]'),
    ('hs', 'getEnv "{}"'),
    ('ml', 'Sys.getenv "{}"'),
    ('nim', 'getEnv("{}")'),
    ('c cc cpp cxx h hpp', 'getenv("{}")'),
    ('ps1 psm1', '$env:{}'),
    ('bat cmd', '%{}%'),
    ('fish', '${}'),
    ('sol', 'vm.envString("{}")'),
)
_LOOKUPS = {ending: lookup for endings, lookup in _ROWS for ending in endings.split()}


def write_lookups(ending: str, names: Iterable[str]) -> str:
    """Write how a program with this ending reads the variables; empty for other files."""
    lookup = _LOOKUPS.get(ending)
    if lookup is None:
        return ''
    return ', '.join(lookup.format(name) for name in dict.fromkeys(names))

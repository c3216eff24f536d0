"""Find callers of a bot's own wrappers in other files, which choose what is asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from keylint.core.key_model import CodeFacts, Doubt
from keylint.core.spans import Lines

ASKS_FOR_MORE = 'what it asks for is not followed from another file'


def find_wrapper_calls(
    facts: Sequence[CodeFacts], paths: Sequence[str], read: Callable[[str], bytes | None]
) -> Iterator[Doubt]:
    """Yield the calls of wrappers in files that do not define them."""
    homes: dict[str, list[CodeFacts]] = {}
    for fact in facts:
        for name in fact.wrappers:
            homes.setdefault(name, []).append(fact)
    if not homes:
        return
    names = b'|'.join(re.escape(name.encode()) for name in sorted(homes))
    calls = re.compile(rb'(?<!def )\b(' + names + rb')\s*\(')
    for path in paths:
        data = read(path)
        if data is None or not calls.search(data):
            continue
        lines = Lines(data)
        for match in calls.finditer(lines.data):
            for fact in homes[match.group(1).decode()]:
                if fact.path != path:
                    place = lines.place(match.start(1), match.end(1))
                    for issuer in {client.issuer for client in fact.clients}:
                        name = f'{match.group(1).decode()}(…)'
                        yield Doubt(issuer, name, ASKS_FOR_MORE, path, match.start(1), place)

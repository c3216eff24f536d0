"""Read the setters that a program calls on an object, one after another or in a chain, as trees.

`key.setPermissions(List.of("read"))`, `Builder().set_permission("General").set_ip_whitelist("")`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from keylint.core.lazy_patterns import defer_regex
from keylint.readers.made_trees import LATER, make_mapping, make_node
from keylint.readers.tree import Node

_SETTER = defer_regex(
    rb'\.\s*(?:set_?|with_?)(?P<name>[A-Za-z]\w{1,60})\(\s*'
    rb'(?P<value>(?:[^()"\'\n]|"[^"\n]*"|\'[^\'\n]*\'|\([^()\n]{0,400}\)){0,400}?)\s*\)'
)
# Builder methods have just the name of the field: `ApiKey.builder().permissions(List.of("read"))`.
_BUILT = defer_regex(
    _SETTER.pattern.replace(
        rb'(?:set_?|with_?)',
        rb'(?:set_?|with_?|(?=(?i:permissions?|scopes|rights|exchange|venue|label'
        rb'|ip_?(?:white|allow)_?list|(?:allowed|trusted)_?ips?)\())',
    )
)
_OBJECT = defer_regex(rb'\b(\w{1,80})\s*\Z')
_OBJECT_BYTES = 120
_STRING = defer_regex(rb'"([^"\n]*)"|\'([^\'\n]*)\'')
_LIST = defer_regex(rb'[\[{]|\b(?:List|Arrays|Set|Collections|listOf|setOf|asList|emptyList)\b')
_WORD = defer_regex(rb'(?:true|false|null|None|True|False|nil|\d+)\Z')
_MOST = 5000


def read_setter_trees(data: bytes) -> Iterator[Node]:
    """Yield a mapping for each object or chain whose setters are close to each other."""
    groups: dict[bytes, list[Node]] = {}
    chain: list[Node] = []
    end = -1
    pattern = _BUILT if b'uilder(' in data else _SETTER
    for match in islice(pattern.finditer(data), _MOST):
        entry = _read_value(match)
        owner = _OBJECT.search(data[max(end, match.start() - _OBJECT_BYTES, 0) : match.start()])
        if owner is not None:
            group = groups.setdefault(owner[1], [])
            if any(known.key == entry.key for known in group):
                yield make_mapping('', group)
                group = groups[owner[1]] = []
            group.append(entry)
            continue
        if end < 0 or data[end : match.start()].strip(b' \t\r\n\\'):
            if chain:
                yield make_mapping('', chain)
            chain = []
        chain.append(entry)
        end = match.end()
    for group in (*groups.values(), chain):
        if len(group) > 1:
            yield make_mapping('', group)


def _read_value(match: re.Match[bytes]) -> Node:
    name, value = match['name'].decode(), match['value']
    start, end = match.span('value')
    texts = [
        (one[1] if one[1] is not None else one[2] or b'').decode('utf-8', 'replace')
        for one in _STRING.finditer(value)
    ]
    plain: object
    if _LIST.search(value) is not None:
        plain = texts if texts or _STRING.sub(b'', value).strip(b'[]{}() ,') else []
    elif len(texts) == 1 and _STRING.fullmatch(value):
        plain = texts[0]
    elif texts:
        plain = texts
    else:
        plain = value.decode() if _WORD.match(value) else LATER
    return make_node(name, plain, start, end)

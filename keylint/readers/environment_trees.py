"""Read the variables that a service file or an image's build file sets, as one mapping."""

from __future__ import annotations

from collections.abc import Iterator

from keylint.core.lazy_patterns import defer_regex
from keylint.readers.made_trees import make_mapping, make_node
from keylint.readers.tree import Node

ENVIRONMENT_ENDINGS = ('service', 'dockerfile', 'containerfile')
_VARIABLE = defer_regex(
    rb'(?mi)^[ \t]*(?:Environment=|(?:ENV|ARG)[ \t]+)"?(?P<name>[A-Z_]\w{0,80})(?:=|[ \t]+)'
    rb'"?(?P<value>[^"\r\n]*?)"?[ \t]*\r?$'
)


def read_environment_trees(data: bytes) -> Iterator[Node]:
    """Yield a mapping of the variables that `Environment=`, `ENV` and `ARG` set."""
    entries = [
        make_node(
            found['name'].decode(), found['value'].decode('utf-8', 'replace'), *found.span('value')
        )
        for found in _VARIABLE.finditer(data)
    ]
    if entries:
        yield make_mapping('environment', entries)

"""Any file as trees: configuration by its format, programs and prose by the literals in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keylint.readers import ending
from keylint.readers.tree import Node, Unread, trees

_BRACES = ('json', 'jsonc', 'json5', 'hjson', 'har', 'webmanifest', 'postman_collection')
_HCL = ('tf', 'tfvars', 'hcl')
_YAML = ('yaml', 'yml')
_SECTIONS = ('toml', 'ini', 'cfg', 'conf', 'properties', 'env', 'config', 'cnf')
_PROSE = ('md', 'markdown', 'rst', 'txt', 'log', 'adoc', 'mdx')
_PYTHON = ('py', 'pyi', 'pyw')
# Blocks of a text: CommonMark, fenced code blocks with an info string.
_FENCED = {
    'yaml': 'yaml',
    'yml': 'yaml',
    'toml': 'toml',
    'ini': 'toml',
    'env': 'toml',
    'dotenv': 'toml',
    'properties': 'toml',
    'cfg': 'toml',
}
_FENCE = re.compile(
    rb'^[ \t]*(?P<mark>```+|~~~+)[ \t]*(?P<name>'
    + '|'.join(_FENCED).encode()
    + rb')\b[^\n]*\n(?P<text>(?:(?![ \t]*(?P=mark))[^\n]*\n)*)',
    re.MULTILINE | re.IGNORECASE,
)
_MOST = 64_000_000


def trees_of(path: str, data: bytes, kind: str | None = None) -> list[Node]:
    """The trees of a text in the format `kind`, else that of the path. Raises Unread when some of it cannot be read as a document."""
    return list(stream(path, data, kind))


def stream(path: str, data: bytes, kind: str | None = None) -> Iterator[Node]:
    """The trees one after another. Raises Unread behind the last one when some of the text cannot be read as a document."""
    if len(data) > _MOST:
        raise Unread(f'larger than {_MOST // 1_000_000} MB: not read as a document')
    kind = kind or ending(path)
    if kind in _YAML:
        yield from _yaml(data)
    elif kind in _SECTIONS and data.lstrip()[:1] != b'{':
        from keylint.readers.key_value import tables  # noqa: PLC0415 - each reader only for its format

        yield from trees(tables(data))
    elif kind in _BRACES or kind in _HCL or data.lstrip()[:1] in (b'{', b'['):
        from keylint.readers.json import document  # noqa: PLC0415

        yield from trees(document(data, has_root=kind in _HCL))
    else:
        rest = data
        for name, start, end in blocks(data) if kind in _PROSE else ():
            yield from _block(name, data, start, end)
            rest = rest[:start] + b' ' * (end - start) + rest[end:]
        yield from _literals(rest, kind)


def _yaml(data: bytes) -> Iterator[Node]:
    """What stands before a break in the text is read as YAML, what stands behind it by its braces: templates are no YAML."""
    from keylint.readers.yaml import Broken, document  # noqa: PLC0415

    try:
        yield from trees(document(data))
    except Broken as broken:
        yield from _literals(b' ' * broken.end + data[broken.end :], 'yaml')


def _literals(data: bytes, kind: str) -> Iterator[Node]:
    """The literals of a program or a text. Only Python's own brackets are sure to be brackets: elsewhere nothing is ever too deep."""
    from keylint.readers.literals import literals  # noqa: PLC0415

    unread: Unread | None = None
    for inner in literals(data, kind in _PROSE):
        try:
            yield from trees(inner)
        except Unread as error:
            unread = error
    if unread is not None and kind in _PYTHON:
        raise unread


def blocks(data: bytes) -> Iterator[tuple[str, int, int]]:
    """Format and byte span of every fenced block of settings in a text."""
    for match in _FENCE.finditer(data):
        yield _FENCED[match['name'].decode().lower()], *match.span('text')


def _block(kind: str, data: bytes, start: int, end: int) -> Iterator[Node]:
    """The trees of a block, their places in the whole text."""
    from keylint.readers.key_value import tables  # noqa: PLC0415
    from keylint.readers.yaml import document  # noqa: PLC0415

    read = document if kind == 'yaml' else tables
    try:
        yield from trees(
            setting._replace(start=start + setting.start, end=start + setting.end)
            for setting in read(data[start:end])
        )
    except Unread:
        return

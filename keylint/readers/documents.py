"""Any file as trees: configuration by its format, programs and prose by the literals in them."""

from __future__ import annotations

from keylint.model import Setting
from keylint.readers import ending
from keylint.readers.tree import Node, trees

_BRACES = ('json', 'jsonc', 'json5', 'hjson', 'har', 'webmanifest', 'postman_collection')
_HCL = ('tf', 'tfvars', 'hcl')
_YAML = ('yaml', 'yml')
_SECTIONS = ('toml', 'ini', 'cfg', 'conf', 'properties', 'env', 'config', 'cnf')
_PROSE = ('md', 'markdown', 'rst', 'txt', 'log', 'adoc', 'mdx')
_MOST = 64_000_000


def trees_of(path: str, data: bytes, kind: str | None = None) -> list[Node]:
    """The trees of a text in the format `kind`, else that of the path. Raises ValueError for a document that is too large to be read as one."""
    if len(data) > _MOST:
        raise ValueError(f'larger than {_MOST // 1_000_000} MB: not read as a document')
    kind = kind or ending(path)
    found: tuple[Setting, ...] | None = None
    if kind in _YAML:
        from keylint.readers.yaml import settings as yaml_settings  # noqa: PLC0415 - each reader only for its format

        found = yaml_settings(data, whole=True)
    elif kind in _SECTIONS and data.lstrip()[:1] != b'{':
        from keylint.readers.sections import settings as section_settings  # noqa: PLC0415

        found = section_settings(data, whole=True)
    elif kind in _BRACES or kind in _HCL or data.lstrip()[:1] in (b'{', b'['):
        from keylint.readers.jsonlike import settings  # noqa: PLC0415

        found = settings(data, whole=True, has_root=kind in _HCL)
    if found is not None:
        return trees(found)
    from keylint.readers.literals import literals  # noqa: PLC0415

    return [tree for inner in literals(data, kind in _PROSE) for tree in trees(inner)]

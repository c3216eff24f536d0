"""A document as a tree, from the settings of its reader: what a declaration about a key is read from."""

from __future__ import annotations

from collections.abc import Iterator

from keylint.model import Setting

_MOST = 200_000


class Node:
    """A mapping, a list or a value. `key` is the name under which it stands; `start` and `end` are its bytes."""

    __slots__ = ('end', 'entries', 'key', 'setting', 'start')

    def __init__(self, key: str, setting: Setting | None = None) -> None:
        self.key = key
        self.entries: dict[str, Node] = {}
        self.setting = setting
        self.start = setting.start if setting else -1
        self.end = setting.end if setting else -1

    @property
    def value(self) -> str | None:
        """The text of a scalar, None for a mapping or a list that is not empty."""
        if self.setting is None:
            return None
        return '' if self.is_empty else self.setting.value.decode('utf-8', 'replace')

    @property
    def is_empty(self) -> bool:
        """Whether it is `[]`, `{}`, null or an empty text."""
        return self.setting is not None and self.setting.value.strip() in (b'', b'[]', b'{}', b'null', b'~', b'None', b'nil', b'Null', b'NULL')

    @property
    def is_list(self) -> bool:
        """Whether its entries are numbered from zero."""
        return bool(self.entries) and all(key.isdigit() for key in self.entries)

    @property
    def items(self) -> list[Node]:
        """The entries in order."""
        return list(self.entries.values())

    def get(self, path: str) -> Node | None:
        """The entry below a dotted path, keys compared without case and separators."""
        node: Node | None = self
        for step in path.split('.'):
            node = node.find(step) if node is not None else None
        return node

    def find(self, key: str) -> Node | None:
        """The entry of this key, compared without case and separators."""
        found = self.entries.get(key)
        if found is not None:
            return found
        wanted = _plain(key)
        return next((node for name, node in self.entries.items() if _plain(name) == wanted), None)

    def grow(self, start: int, end: int) -> None:
        """Widen the span."""
        self.start = start if self.start < 0 else min(self.start, start)
        self.end = max(self.end, end)


def _plain(key: str) -> str:
    return ''.join(char for char in key.lower() if char.isalnum())


def trees(settings: tuple[Setting, ...]) -> list[Node]:
    """The documents that the settings make up. A key that comes twice in one mapping begins a new document."""
    roots: list[Node] = []
    root = Node('')
    for setting in settings[:_MOST]:
        if not _placed(root, setting):
            roots.append(root)
            root = Node('')
            _placed(root, setting)
    return [*roots, root]


def _placed(root: Node, setting: Setting) -> bool:
    node = root
    chain = [root]
    for step in setting.path[:-1]:
        if step == '<<':
            continue  # a merged mapping of YAML
        child = node.entries.get(step)
        if child is None:
            child = node.entries[step] = Node(step)
        elif child.setting is not None:
            return False
        node = child
        chain.append(node)
    leaf = setting.path[-1] if setting.path else ''
    if leaf in node.entries:
        return '<<' in setting.path  # what a mapping says itself wins over what it merges
    node.entries[leaf] = Node(leaf, setting)
    for link in chain:
        link.grow(setting.start, setting.end)
    return True


def mappings(node: Node) -> Iterator[Node]:
    """The node and all below it that hold named entries, without recursion."""
    stack = [node]
    while stack:
        current = stack.pop()
        if current.entries and not current.is_list:
            yield current
        stack += reversed(current.items)

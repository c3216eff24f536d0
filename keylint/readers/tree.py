"""Build the tree of a document from its settings; declarations about keys are read from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from keylint.core.lazy_typing import Any
from keylint.core.model import Setting

# After this many values, the next row of a list begins another tree; and the most values in memory
# at once.
_PIECE, _MOST = 50_000, 500_000
# No key of interest is longer than this.
_LONGEST_KEY = 256


class PartlyReadError(ValueError):
    """Report that a document was read in part, and why.

    Raised after the last part that could be read; `found` is the result of that part.
    """

    def __init__(self, why: str, found: Sequence[Any] = ()) -> None:
        super().__init__(why)
        self.found = found


class BrokenYamlError(PartlyReadError):
    """Report a text that is not YAML from the byte `end` on."""

    def __init__(self, end: int) -> None:
        super().__init__('no YAML')
        self.end = end


class Node:
    """A mapping, a list or a value.

    `key` is its name in its parent; `start` and `end` are its bytes.
    """

    __slots__ = ('end', 'entries', 'key', 'setting', 'source', 'start')

    def __init__(
        self, key: str, setting: Setting | None = None, source: tuple[str, ...] = ()
    ) -> None:
        self.key = key
        self.source = source
        self.entries: dict[str, Node] = {}
        self.setting = setting
        self.start = setting.start if setting else -1
        self.end = setting.end if setting else -1

    @property
    def value(self) -> str | None:
        """Return the text of a scalar, None for a mapping or a list that is not empty."""
        if self.setting is None:
            return None
        return '' if self.is_empty else self.setting.value.decode('utf-8', 'replace')

    @property
    def is_empty(self) -> bool:
        """Tell whether it is `[]`, `{}`, null or an empty text."""
        return self.setting is not None and self.setting.value.strip() in (
            b'',
            b'[]',
            b'{}',
            b'null',
            b'~',
            b'None',
            b'nil',
            b'Null',
            b'NULL',
        )

    @property
    def is_list(self) -> bool:
        """Tell whether its entries are numbered from zero."""
        return bool(self.entries) and all(key.isdigit() for key in self.entries)

    @property
    def items(self) -> list[Node]:
        """Return the entries in order."""
        return list(self.entries.values())

    def get(self, path: str) -> Node | None:
        """Return the entry below a dotted path, keys compared without case and separators."""
        node: Node | None = self
        for step in path.split('.'):
            node = node.find(step) if node is not None else None
        return node

    def find(self, key: str) -> Node | None:
        """Return the entry of this key, compared without case and separators."""
        found = self.entries.get(key)
        if found is not None:
            return found
        wanted = _plain(key)
        return next(
            (
                node
                for name, node in self.entries.items()
                if len(name) < _LONGEST_KEY and _plain(name) == wanted
            ),
            None,
        )

    def grow(self, start: int, end: int) -> None:
        """Widen the span."""
        if self.start < 0 or start < self.start:
            self.start = start
        if end > self.end:
            self.end = end


@lru_cache(4096)
def _plain(key: str) -> str:
    return ''.join(char for char in key.lower() if char.isalnum())


def build_trees(settings: Iterable[Setting]) -> Iterator[Node]:
    """Yield the documents that the settings form.

    A key that occurs twice in one mapping begins a new document. A long list is yielded in pieces,
    so that a large export is never in memory as a whole. Raises PartlyReadError after the last
    document if the settings raise it.
    """
    build = _Build()
    unread: PartlyReadError | None = None
    try:
        for setting in settings:
            is_full = build.is_full(setting.path)
            if is_full or not build.place(setting):
                yield build.done()
                build = build.next(setting.path) if is_full else _Build()
                build.place(setting)
            if build.count > _MOST:
                unread = PartlyReadError(
                    f'more than {_MOST} values in one mapping: the rest is not read as a document'
                )
                break
    except PartlyReadError as error:
        unread = error
    yield build.done()
    if unread is not None:
        raise unread


class _Build:
    """A tree that grows setting by setting."""

    def __init__(self) -> None:
        self.root = Node('')
        self.count = 0
        self.path: tuple[str, ...] | None = None
        self.chain = [self.root]  # the nodes along the path above the last leaf

    def is_full(self, path: tuple[str, ...]) -> bool:
        """Tell whether the tree is large, and the setting begins another row of a list."""
        if self.count < _PIECE or self.path is None:
            return False
        first, second = next(
            ((a, b) for a, b in zip(self.path, path, strict=False) if a != b), ('', '')
        )
        return first.isdigit() and second.isdigit()

    def next(self, path: tuple[str, ...]) -> _Build:
        """Begin the tree of the next rows of a long list.

        Values that precede this row are repeated before those rows.
        """
        after = _Build()
        old: Node | None = self.root
        new = after.root
        for step in path:
            if old is None:
                break
            new.entries.update(
                {
                    key: node
                    for key, node in old.entries.items()
                    if node.setting is not None and not key.isdigit()
                }
            )
            old = old.entries.get(step)
            if old is not None and old.setting is None:
                new.entries[step] = new = Node(step)
        return after

    def done(self) -> Node:
        """Return the tree."""
        self._widen()
        return self.root

    def _widen(self) -> None:
        """Widen the spans of the chain by that of its lowest node."""
        start, end = self.chain[-1].start, self.chain[-1].end
        if start >= 0:
            for link in self.chain[:-1]:
                link.grow(start, end)

    def place(self, setting: Setting) -> bool:
        """Insert the setting; return False if it conflicts, and so begins a new document."""
        path = setting.path
        if self.path is None or path[:-1] != self.path[:-1]:
            chain = self._chain(path[:-1])
            if chain is None:
                return False
            if not chain:
                return True
            self._widen()
            self.chain = chain
        self.path = path
        leaf, source = (
            path[-1] if path else '',
            _source(path, len(path) - 1) if '<<' in path else (),
        )
        below = self.chain[-1].entries
        standing = below.get(leaf)
        if standing is not None:
            if source == standing.source:
                return bool(source)
            if not _is_over(source, standing.source):
                return True
        below[leaf] = Node(leaf, setting, source)
        self.chain[-1].grow(setting.start, setting.end)
        self.count += 1
        return True

    def _chain(self, path: tuple[str, ...]) -> list[Node] | None:
        """Return the nodes along the path, creating missing ones.

        The result is empty if a merged value there does not count, None if there is a conflict.
        """
        chain = [self.root]
        for number, step in enumerate(path):
            if step == '<<' or (step.isdigit() and path[number - 1 : number] == ('<<',)):
                continue
            source = _source(path, number) if '<<' in path else ()
            below = chain[-1].entries
            child = below.get(step)
            if child is None or (child.source != source and _is_over(source, child.source)):
                child = below[step] = Node(step, None, source)
            elif child.source != source:
                return []
            elif child.setting is not None:
                return [] if source else None
            chain.append(child)
        return chain


def _source(path: tuple[str, ...], number: int) -> tuple[str, ...]:
    """Return the merged mapping (`<<`, or one of its list) from which the step comes.

    Empty for a step of the mapping itself.
    """
    start = number
    while start > 0 and (
        path[start - 1] == '<<'
        or (path[start - 1].isdigit() and path[start - 2 : start - 1] == ('<<',))
    ):
        start -= 1
    return path[start:number]


def _is_over(source: tuple[str, ...], standing: tuple[str, ...]) -> bool:
    """Tell whether a source wins over the one that is already there.

    A mapping's own values win over merged ones, at every level.
    """
    return standing[: len(source)] == source


def walk_mappings(node: Node) -> Iterator[Node]:
    """Yield the node and all nodes below it that have named entries, without recursion."""
    stack = [node]
    while stack:
        current = stack.pop()
        if current.entries and not current.is_list:
            yield current
        stack += reversed(current.items)

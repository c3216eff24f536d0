"""Resolve names of a module to the classes and modules of libraries."""

from __future__ import annotations

import ast

from keylint.api_usage.methods import Libraries, Library
from keylint.core.records import NamedTuple
from keylint.readers.python_ast import dotted_name, read_literal
from keylint.readers.python_outline import Outline


class Value(NamedTuple):
    """`kind` is client, class, module or text; `text` is the module's name or the text itself.

    `number` counts the clients of a file.
    """

    kind: str
    text: str = ''
    library: Library | None = None
    exchange: str | None = None
    number: int = -1

    def find_part(self, name: str) -> Value:
        """Return the part of a client that a link of its chain leads to, else the client."""
        chain = self.library.chain if self.library is not None else None
        match = chain.fullmatch(name) if chain is not None else None
        names = [text.lower() for text in match.groups() if text] if match is not None else []
        known = self.text if self.text.islower() else ''
        return self._replace(text='.'.join((*filter(None, [known]), *names))) if names else self


class LibraryNames:
    """The names of a module that stand for a library or for a class of one.

    `derived` has the module's own classes that derive from a library's.
    """

    def __init__(self, outline: Outline, libraries: Libraries) -> None:
        self.outline = outline
        self.libraries = libraries
        self.derived: dict[str, Value] = {}
        self.derived = {
            name: thing for name in outline.bases for thing in self._find_library_classes(name, ())
        }

    def expand_name(self, name: str) -> str:
        """Return the dotted name with its first part replaced by what it was imported as."""
        head, _, rest = name.partition('.')
        head = self.outline.imports.get(head, head)
        return f'{head}.{rest}' if rest else head

    def resolve_name(self, full: str) -> list[Value]:
        """Return the class or the library behind a full name."""
        if not full:
            return []
        if self.libraries.is_module(full):
            return [Value('module', full)]
        found = self.libraries.find_client_class(full)
        if found is None and '.' not in full:
            found = next(
                (
                    entry
                    for star in self.outline.stars
                    if (entry := self.libraries.find_client_class(f'{star}.{full}'))
                ),
                None,
            )
        if found is not None:
            return [Value('class', found[2], found[0], found[1])]
        name = full.rsplit('.', 1)[-1]
        return [self.derived[name]] if name in self.derived else []

    def resolve_member(self, full: str) -> list[Value]:
        """Return the class or the library behind a member of a module that a text named."""
        found = self.resolve_name(full)
        if not found and self.libraries.is_part_of_library(full):
            found = [Value('module', full)]
        return found

    def read_annotation(self, node: ast.expr) -> list[Value]:
        """Return classes in an annotation.

        `Client`, `'Client'`, `Optional[Client]`, `Client | None`.
        """
        text = read_literal(node)
        names = (
            [text]
            if text is not None
            else [name for part in ast.walk(node) if (name := dotted_name(part))]
        )
        return [
            thing
            for name in names
            for thing in self.resolve_name(self.expand_name(name))
            if thing.kind == 'class'
        ]

    def _find_library_classes(self, name: str, seen: tuple[str, ...]) -> list[Value]:
        """Return the library's class behind a class of the module."""
        found: list[Value] = []
        if name in seen:
            return found
        for base, _ in self.outline.bases.get(name, ()):
            full = self.expand_name(dotted_name(base))
            found += [
                thing for thing in self.resolve_name(full) if thing.kind == 'class'
            ] or self._find_library_classes(dotted_name(base), (*seen, name))
        return found

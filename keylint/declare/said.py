"""What has been read of one key so far: rights, addresses and where they stand."""

from __future__ import annotations

import re
from typing import Any

from keylint.declare.vocabulary import is_true, levels_of, parts_of
from keylint.detect.names import squeezed
from keylint.readers.tree import Node
from keylint.validators.addresses import RESTRICTED, is_anyone, is_filled_later

_ENTRIES = re.compile(r'[,;|\s]+')
_PLAIN_WORDS = frozenset(('read', 'trade', 'margin', 'derivatives', 'transfer', 'withdraw', 'admin'))


class Said:
    """Rights and restriction of one key while its document is being read. `table` is the issuer's, or None."""

    def __init__(self, table: dict[str, Any] | None) -> None:
        self.table = table
        self.rows: list[tuple[str, list[str], str | None, str | None]] = table['permissions'] if table else []
        self.warnings: list[str] = []
        self.levels: set[str] = set()
        self.denied: set[str] = set()
        self.words: list[str] = []
        self.unknown: list[str] = []
        self.addresses: list[str] = []
        self.places: list[tuple[str, int, int]] = []
        self.is_read_only = False
        self.has_rights = False
        self.restriction = 'unknown'

    def mark(self, topic: str, node: Node) -> None:
        """Remember where a topic is spoken of; the first place counts."""
        self.places.append((topic, node.start, node.end))

    def grant(self, levels: set[str], word: str, node: Node) -> None:
        """A right that is on."""
        self.has_rights = True
        self.words.append(word)
        for level in sorted(levels - self.levels):
            self.mark(level, node)
        self.levels |= levels

    def word(self, word: str, node: Node) -> None:
        """A word of the vendor's or of the user's: by itself, or as several words between blanks."""
        parts = [part for part in re.split(r'[\s+&]+|\band\b', word) if part]
        is_several = len(parts) > 1 and self.of_vendor(word) is None and any(self.of_vendor(part) is not None for part in parts)
        levels = None if is_several else self.meaning(word)
        if levels is None and len(parts) > 1:
            for part in parts:
                self.word(part, node)
        elif levels is None:
            self.unknown.append(word)
            self.mark('unknown', node)
        else:
            self.has_rights = True
            if levels:
                self.grant(levels, word, node)
                self.warnings += [says for own, _, _, says in self.rows if says and own == word]

    def meaning(self, word: str) -> set[str] | None:
        """The levels behind a word: plain words mean what they say, then the vendor's table counts, then the vocabulary."""
        if word in _PLAIN_WORDS:
            return {word}
        own = self.of_vendor(word)
        return levels_of(word) if own is None else own

    def of_vendor(self, word: str) -> set[str] | None:
        """The levels that the vendor's own table gives the word."""
        for exact in (True, False):
            for own, levels, label, _ in self.rows:
                if word in (own, label) if exact else squeezed(word) in (squeezed(own), squeezed(label or own)):
                    return set(levels)
        return None

    def texts(self, node: Node, as_denial: bool = False) -> None:
        """All words of a scalar or a list."""
        items = [item for item in node.items if item.value is not None] if node.entries else [node]
        self.has_rights = self.has_rights or (node.is_empty or node.is_list)
        for item in items:
            for word in parts_of(item.value or ''):
                if as_denial:
                    self.denied |= self.meaning(word) or set()
                else:
                    self.word(word, item)

    def list_addresses(self, node: Node) -> None:
        """What a setting says that holds addresses, a switch, or a mapping of both."""
        self.mark('ip', node)
        values = _scalars(node)
        switch = next((is_true(v) for v in values if v.strip().lower() in ('true', 'false')), None)
        entries = [part for value in values for part in _ENTRIES.split(value.strip('[](){} ')) if part.strip('"\'')]
        entries = [entry.strip('"\'') for entry in entries if entry.lower() not in ('true', 'false')]
        spoken = squeezed(' '.join(values))
        if spoken in RESTRICTED or (switch and not entries):
            self.restriction = 'listed'
        elif not entries or is_anyone(spoken) or all(is_anyone(entry) for entry in entries):
            self.restriction = 'none' if switch is not True else 'listed'
        elif all(is_filled_later(entry) for entry in entries):
            self.restriction = 'later'
        else:
            self.restriction = 'listed'
            self.addresses += entries

    def unrestricted(self, node: Node) -> None:
        """Something says outright that there is no restriction."""
        self.mark('ip', node)
        self.restriction = 'none'

    def rights(self) -> frozenset[str] | None:
        """The levels in the end, None when nothing was said of them."""
        if self.is_read_only:
            return frozenset({'read'})
        return frozenset(self.levels) if self.has_rights else None


def _scalars(node: Node) -> list[str]:
    """The texts of a value, a list, or the lists and switches in a mapping."""
    if node.value is not None:
        return [node.value]
    return [text for item in node.items for text in _scalars(item)][:1000]

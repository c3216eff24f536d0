"""What has been read of one key so far: rights, addresses and where they stand."""

from __future__ import annotations

import re

from keylint.core.names import squeeze_name
from keylint.core.terms import PERMISSIONS, Permission, Restriction
from keylint.declarations.address_lists import is_switched_off, list_address_texts, split_addresses
from keylint.declarations.vocabulary import (
    is_filler,
    is_ip_list,
    is_true,
    parts_of,
    permissions_of,
    split_extent,
)
from keylint.readers.tree import Node
from keylint.rules.declaration_types import DeclarationSpec
from keylint.validators.ip_addresses import (
    RESTRICTED,
    is_anyone,
    is_filled_later,
    is_masked,
    is_of_program,
)

_PLAIN_WORDS: dict[str, Permission] = {permission: permission for permission in PERMISSIONS}


class DeclarationBuilder:
    """Rights and restriction of one key while its document is being read.

    `table` is the issuer's, or None.
    """

    def __init__(self, table: DeclarationSpec | None) -> None:
        self.table = table
        self.rows = table.permissions if table else ()
        self.permissions: set[Permission] = set()
        self.denied: set[Permission] = set()
        self.words: list[str] = []
        self.grants: list[tuple[str, frozenset[Permission]]] = []
        self.unknown: list[str] = []
        self.addresses: list[str] = []
        self.places: list[tuple[str, int, int]] = []
        self.is_read_only = False
        self.has_rights = False
        self.is_partial = False
        self.restriction: Restriction = 'unknown'
        self.is_open = False

    def add_place(self, topic: str, node: Node) -> None:
        """Remember where a topic is spoken of; the first place counts."""
        self.places.append((topic, node.start, node.end))

    def grant(self, permissions: set[Permission], word: str, node: Node) -> None:
        """Add a permission that is granted."""
        self.has_rights = True
        self.words.append(word)
        self.grants.append((word, frozenset(permissions)))
        for permission in sorted(permissions - self.permissions):
            self.add_place(permission, node)
        self.permissions |= permissions

    def read_word(self, word: str, node: Node) -> None:
        """Read a word of the vendor's or of the user's.

        By itself, or as several words between blanks.
        """
        parts = [part for part in re.split(r'[\s+&]+|\band\b', word) if part]
        is_several = (
            len(parts) > 1
            and self.find_vendor_permissions(word) is None
            and any(self.find_vendor_permissions(part) is not None for part in parts)
        )
        permissions = None if is_several else self.find_permissions(word)
        if permissions is None and len(parts) > 1:
            for part in [part for part in parts if not is_filler(part)] or parts[:1]:
                self.read_word(part, node)
        elif permissions is None:
            self.add_unknown(word, node)
        else:
            self.has_rights = True
            if permissions:
                self.grant(permissions, word, node)

    def add_unknown(self, word: str, node: Node) -> None:
        """Add a word of a right that nobody knows."""
        self.unknown.append(word)
        self.add_place('unknown', node)

    def find_permissions(self, word: str) -> set[Permission] | None:
        """Return the permissions behind a word.

        Plain words mean what they say, and all else that the vendor means by the very same word;
        then the vendor's table counts, then the vocabulary.
        """
        if word in _PLAIN_WORDS:
            plain = {_PLAIN_WORDS[word]}
            same = next((own for name, own, _, _ in self.rows if name == word), ())
            return plain | set(same) if plain <= set(same) else plain
        own = self.find_vendor_permissions(word)
        return permissions_of(word) if own is None else own

    def find_vendor_permissions(self, word: str) -> set[Permission] | None:
        """Return the permissions that the vendor's own table gives the word."""
        for exact in (True, False):
            for own, permissions, label, _ in self.rows:
                if (
                    word in (own, label)
                    if exact
                    else squeeze_name(word) in (squeeze_name(own), squeeze_name(label or own))
                ):
                    return set(permissions)
        name, is_reading = split_extent(word)
        if name == word:
            return None
        granted = self.find_vendor_permissions(name)
        return {'read'} if granted and is_reading else granted

    def read_words(self, node: Node, as_denial: bool = False) -> None:
        """Read all words of a scalar or a list."""
        items = [item for item in node.items if item.value is not None] if node.entries else [node]
        is_list = node.is_list and len(items) == len(node.entries)
        self.has_rights = self.has_rights or node.is_empty or is_list
        for item in items:
            whole = (item.value or '').strip()
            if is_filled_later(whole):
                self.is_partial = True
                continue
            is_label = self.find_vendor_permissions(whole) is not None
            for word in [whole] if is_label else parts_of(whole):
                if as_denial:
                    self.denied |= self.find_permissions(word) or set()
                else:
                    self.read_word(word, item)

    def list_addresses(self, node: Node) -> bool:
        """Read a setting that holds addresses, a switch, or a mapping of both.

        Return whether it says anything of addresses: a mapping of other things does not, nor does
        the field of an interface or of a schema.

        Of two that contradict each other, the worse counts: a list that is not in force restricts
        nothing.
        """
        values = list_address_texts(node)
        if (node.entries and not values) or (values and all(map(is_of_program, values))):
            return False  # the field of an interface, an error, a cost
        switch = next((is_true(v) for v in values if v.strip().lower() in ('true', 'false')), None)
        entries = [entry for value in values for entry in split_addresses(value)]
        spoken = squeeze_name(' '.join(values))
        is_anyones = not entries or is_anyone(spoken) or all(is_anyone(entry) for entry in entries)
        if (
            is_anyones
            and switch is not True
            and any(value.strip() for value in values)
            and spoken not in RESTRICTED
        ) or is_switched_off(node):
            self.set_unrestricted(node)
        elif self.is_open or (is_anyones and self.addresses):
            return True
        elif spoken in RESTRICTED or (switch and not entries):
            self._set_restriction('listed', node)
        elif is_anyones:
            self._set_restriction('none', node)
        elif all(is_filled_later(entry) for entry in entries):
            self._set_restriction('placeholder', node)
        else:
            self._set_restriction('listed', node)
            self.addresses += [entry for entry in entries if not is_masked(entry)]
        return True

    def _set_restriction(self, restriction: Restriction, node: Node) -> None:
        self.add_place('ip', node)
        self.restriction = restriction

    def set_unrestricted(self, node: Node) -> None:
        """Note that something says outright that there is no restriction."""
        self.places = [place for place in self.places if place[0] != 'ip']
        self._set_restriction('none', node)
        self.addresses.clear()
        self.is_open = True

    def list_permissions(self) -> frozenset[Permission] | None:
        """Return the permissions in the end, None when nothing was said of them.

        Values that are only known later are no denial, and neither are words that nobody knows.
        """
        if self.is_read_only:
            return frozenset({'read'})
        if not self.permissions and (self.is_partial or self.unknown):
            return None
        return frozenset(self.permissions) if self.has_rights else None


def is_text(node: Node) -> bool:
    """Tell whether a setting named like an IP list holds words, such as a label or a type."""
    schema = node.find('type')
    if schema is not None and schema.value is not None and squeeze_name(schema.value) in _TYPES:
        return True
    words = (node.value or '').split()
    spoken = squeeze_name(node.value or '')
    if not words or is_anyone(node.value or '') or spoken in RESTRICTED or is_anyone(spoken):
        return False
    return not any(char.isdigit() or char in '.:,;|$<{_' for char in node.value or '') and (
        len(words) > 1 or is_ip_list(f'ip {spoken}')
    )


_TYPES = frozenset('array string object boolean list set text stringlist'.split())

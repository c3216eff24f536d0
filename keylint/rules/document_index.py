"""Look up vendors' documents by their first keys."""

from __future__ import annotations

from collections.abc import KeysView, Mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keylint.rules.declaration_types import DocumentShape
    from keylint.rules.types import Rule


class DocumentIndex:
    """Vendors' documents by their first key (squeeze_name).

    The documents of an issuer are loaded when the first key of one of them is looked up.
    """

    def __init__(
        self, entries: dict[str, list[tuple[str, int]]], rules: Mapping[str, Rule]
    ) -> None:
        self._entries = entries
        self._rules = rules

    def keys(self) -> KeysView[str]:
        """Return all first keys."""
        return self._entries.keys()

    def __getitem__(self, key: str) -> list[tuple[str, int, DocumentShape]]:
        """Return issuer, place in the dossier and document of all whose first key this is."""
        return [
            (issuer, number, self._rules[issuer].declarations.documents[number])
            for issuer, number in self._entries[key]
        ]

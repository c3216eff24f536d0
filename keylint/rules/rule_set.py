"""The rule pack at run time: tables, gates and what is compiled from them on demand."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

from keylint.core.names import find_role, split_words, squeeze_name
from keylint.core.terms import PartKind
from keylint.matcher.hyperscan import Database, Matcher
from keylint.rules.builtin import GENERIC_RULES
from keylint.validators.placeholders import Placeholders


def request_paths(document: dict[str, Any]) -> list[str]:
    """The paths of a document's endpoints that change something (POST, PUT)."""
    endpoints = [endpoint.split() for endpoint in str(document.get('endpoint') or '').split(';')]
    return [
        words[1].split('{')[0].rstrip('/')
        for words in endpoints
        if len(words) > 1 and words[0] in ('POST', 'PUT') and words[1].count('/') > 1
    ]


class Pack:
    """Read-only tables of `rules.compile` with lazily compiled patterns. Built by `rules.load`."""

    def __init__(
        self,
        tables: dict[str, Any],
        matcher: Matcher,
        words: Database,
        placeholders: Database,
        folders: tuple[str, ...],
    ) -> None:
        self.tables = tables
        self.matcher = matcher
        self.words = words
        self.placeholders = Placeholders(placeholders, tables['placeholders'][1])
        self.folders = folders
        self._patterns: dict[bytes, re.Pattern[bytes]] = {}
        self._words: dict[str, tuple[str, ...]] = {}

    @property
    def rules(self) -> dict[str, dict[str, Any]]:
        """Rule id to its tables."""
        rules: dict[str, dict[str, Any]] = self.tables['rules']
        return rules

    @property
    def declared(self) -> dict[str, dict[str, Any]]:
        """Issuer to what declarations about its keys are read by."""
        declared: dict[str, dict[str, Any]] = self.tables['declared']
        return declared

    @cached_property
    def documents(self) -> dict[str, list[tuple[str, int, dict[str, Any]]]]:
        """First key (squeezed) of every vendor's document to the issuer, the document's place in the dossier, and the document."""
        found: dict[str, list[tuple[str, int, dict[str, Any]]]] = {}
        for rule, table in sorted(self.declared.items()):
            for number, document in enumerate(table['documents']):
                if document['keys']:
                    found.setdefault(squeeze_name(document['keys'][0]), []).append(
                        (rule, number, document)
                    )
        return found

    @cached_property
    def key_calls(self) -> dict[str, list[tuple[str, dict[str, Any], dict[str, Any]]]]:
        """Names of methods that create or edit keys, to the issuer, the entry of its dossier, and the request that the call makes."""
        found: dict[str, list[tuple[str, dict[str, Any], dict[str, Any]]]] = {}
        for rule, table in sorted(self.declared.items()):
            documents = {document['name']: document for document in table['documents']}
            for call in table['calls']:
                found.setdefault(call['call'], []).append((rule, call, documents[call['document']]))
        return found

    @cached_property
    def key_endpoints(self) -> list[tuple[str, str, dict[str, Any]]]:
        """Paths of requests that create or edit keys, the longest first, with issuer and document."""
        rows = [
            (path, rule, document)
            for rule, table in sorted(self.declared.items())
            for document in table['documents']
            for path in request_paths(document)
        ]
        return sorted(rows, key=lambda row: (-len(row[0]), row[0], row[1]))

    @property
    def policies(self) -> dict[str, dict[str, Any]]:
        """Policy id to its texts and severities."""
        policies: dict[str, dict[str, Any]] = self.tables['policies']['policies']
        return policies

    @property
    def rule_ids(self) -> list[str]:
        """The ids of all rules, as findings carry them."""
        return sorted(
            [*(f'{rule}-credential' for rule in self.rules), *GENERIC_RULES, *self.policies]
        )

    @cached_property
    def published(self) -> frozenset[bytes]:
        """Values that vendors print in their own documentation."""
        return frozenset(self.tables['published'])

    @cached_property
    def known(self) -> frozenset[str]:
        """SHA-256 of values that everybody knows."""
        return frozenset(self.tables['known'])

    def issuers_in_path(self, path: str) -> set[str]:
        """The issuers that a file's path speaks of, part by part."""
        parts = path.replace('\\', '/').rsplit('/', 3)[-3:]
        return {issuer for part in parts for issuer in self.issuers_in(part)}

    def pattern(self, source: bytes) -> re.Pattern[bytes]:
        """The compiled form of a pattern of this pack."""
        compiled = self._patterns.get(source)
        if compiled is None:
            compiled = self._patterns[source] = re.compile(source)
        return compiled

    def role_of(self, name: str) -> tuple[PartKind | None, bool]:
        """The part that a name speaks of, by the one dossier that lists it or else by the vocabulary; whether beyond doubt."""
        own = self.owners_of(name)
        if len(own) == 1:
            return own[0][1], True
        return find_role(name) or ((own[0][1], True) if own else (None, False))

    def owners_of(self, name: str) -> list[tuple[str, PartKind]]:
        """Pairs of issuer and part of those dossiers that list this very name."""
        table: dict[str, list[tuple[str, PartKind]]] = self.tables['names']
        return table.get(squeeze_name(name), [])

    def issuers_in(self, name: str) -> tuple[str, ...]:
        """The issuers that a name speaks of: `BINANCE_US_API_KEY` gives `binanceus`; the longest alias wins."""
        found = self._words.get(name)
        if found is None:
            found = self._words[name] = self._issuers_in(split_words(name), squeeze_name(name))
        return found

    def _issuers_in(self, words: tuple[str, ...], whole: str) -> tuple[str, ...]:
        aliases: dict[str, list[str]] = self.tables['aliases']
        if whole in aliases:
            return tuple(aliases[whole])
        for length in (3, 2, 1):
            for first in range(len(words) - length + 1):
                joined = ''.join(words[first : first + length])
                if joined in aliases and (len(joined) > 2 or length == len(words)):
                    return tuple(aliases[joined])
        return ()

"""The compiled rules at run time: typed tables, made from the cached rows on first use."""

from __future__ import annotations

import marshal
import os
from functools import cached_property

from keylint.core.lazy_re import re
from keylint.core.lazy_typing import TypeVar
from keylint.core.model import TokenPattern
from keylint.core.names import ROLE_WORDS, find_role, split_words, squeeze_name
from keylint.core.records import NamedTuple
from keylint.core.regex_cache import compile_once
from keylint.core.terms import PartKind
from keylint.matcher.hyperscan import Database, DatabaseError, Matcher, load_database
from keylint.rules.builtin import GENERIC_RULES
from keylint.rules.document_index import DocumentIndex
from keylint.rules.listing import list_definitions
from keylint.rules.types import CompiledTables, Row, RuleIndex
from keylint.validators.placeholders import Placeholders

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keylint.rules.ask_types import KeyQuestion
    from keylint.rules.declaration_types import DocumentShape, KeyCall
    from keylint.rules.lazy_tables import LazyTables
    from keylint.rules.library_types import LibrarySpec
    from keylint.rules.policy_types import PolicyText


Memory = TypeVar('Memory')
_WRITING_RULES = 'https://keylint.readthedocs.io/writing-rules/'
# Digests of texts without a token: 16 bytes each, plus the overhead of a set.
_MAX_TOKENLESS = 1 << 18


class PackParts(NamedTuple):
    """The parts of a pack: the tables, and the databases of issuers' words and placeholders."""

    tables: CompiledTables
    words: Database
    placeholders: Database


def decode_pack(data: bytes | None) -> PackParts | None:
    """Return the parts of a cached pack; None if the file is missing or does not load."""
    try:
        tables, words, placeholders = marshal.loads(data or b'')  # noqa: S302 - our own file
        return PackParts(
            CompiledTables._make(tables), load_database(words), load_database(placeholders)
        )
    except (EOFError, ValueError, TypeError, DatabaseError):
        return None


# Parts at the end of names in one word, in small letters: `binancekey`.
_JOINED_PARTS = ('apikey', 'apisecret', 'secretkey', 'passphrase', 'secret', 'token', 'key')
_MIN_JOINED_CHARS = 2


class RuleSet:
    """The rules of a run. Read-only; built by `rules.load`."""

    def __init__(
        self,
        tables: CompiledTables,
        matcher: Matcher,
        words: Database,
        placeholders: Database,
        folders: tuple[str, ...],
    ) -> None:
        self._tables = tables
        self.matcher = matcher
        self.words = words
        self.placeholders = Placeholders(placeholders, tables.placeholders[1])
        self.folders = folders
        self.without_issuer = frozenset(tables.without_issuer)
        self._patterns: dict[bytes, re.Pattern[bytes]] = {}
        self._memories: dict[type[object], object] = {}
        self._issuers_by_name: dict[str, tuple[str, ...]] = {}

    @cached_property
    def rules(self) -> RuleIndex:
        """Return the rule of every issuer, by its id."""
        return RuleIndex(self._tables.rules)

    @cached_property
    def tokens(self) -> list[TokenPattern]:
        """Return the parts found by shape alone; matches refer to them by number."""
        return [TokenPattern._make(row) for row in self._tables.tokens]

    @cached_property
    def phrases(self) -> dict[str, TokenPattern]:
        """Return recovery phrases by their checks."""
        return {check: TokenPattern._make(row) for check, row in self._tables.phrases.items()}

    @property
    def plugins(self) -> list[Row]:
        """Return patterns of detect-secrets: module, text, flags; matches use their numbers."""
        return self._tables.plugins

    @property
    def patterns(self) -> list[bytes]:
        """Return the patterns of the matcher in their order."""
        return self._tables.patterns

    @property
    def issuer_words(self) -> list[tuple[str, bool, str]]:
        """Return the texts that identify an issuer, in the order of `words`.

        Each has the text, whether it must be a whole word, and the issuer.
        """
        return self._tables.words

    @cached_property
    def marking_keys(self) -> frozenset[str]:
        """Return keys (squeezed), each of which alone identifies a vendor's document."""
        return frozenset(self._tables.marking_keys)

    @cached_property
    def documents(self) -> DocumentIndex:
        """Return vendors' documents by their first key (squeeze_name)."""
        return DocumentIndex(self._tables.documents, self.rules)

    @cached_property
    def key_calls(self) -> dict[str, list[tuple[str, KeyCall, DocumentShape]]]:
        """Return calls that create or edit keys by their methods' names.

        Each has its issuer and the request that it makes.
        """
        found: dict[str, list[tuple[str, KeyCall, DocumentShape]]] = {}
        for issuer, rule in sorted(self.rules.items()):
            documents = {document.name: document for document in rule.declarations.documents}
            for call in rule.declarations.calls:
                entry = issuer, call, documents[call.document]
                found.setdefault(call.call, []).append(entry)
        return found

    @cached_property
    def key_endpoints(self) -> list[tuple[str, str, DocumentShape]]:
        """Return paths of requests that create or edit keys, the longest first.

        Each has its issuer and the document that the request sends.
        """
        rows = [
            (path, issuer, document)
            for issuer, rule in sorted(self.rules.items())
            for document in rule.declarations.documents
            for path in document.list_write_paths()
        ]
        return sorted(rows, key=lambda row: (-len(row[0]), row[0], row[1]))

    @property
    def asks(self) -> dict[str, list[KeyQuestion]]:
        """Return the requests with which an owner asks what a key may do, by issuer."""
        return self._lazy_tables.asks

    @cached_property
    def other_issuers(self) -> frozenset[str]:
        """Return words of issuers that have no dossier."""
        return frozenset(self._tables.other_issuers)

    @cached_property
    def shared_heads(self) -> tuple[bytes, ...]:
        """Return what tokens begin with that several issuers give out."""
        return tuple(self._tables.shared_heads)

    @cached_property
    def setup_texts(self) -> tuple[tuple[tuple[str, tuple[str, ...]], ...], ...]:
        """Return each language's phrases that ask for too much in set-up texts: names and forms."""
        return tuple(self._tables.setup_texts)

    @cached_property
    def _lazy_tables(self) -> LazyTables:
        from keylint.rules.lazy_tables import LazyTables  # noqa: PLC0415 - see rules.types

        return LazyTables(self._tables)

    @property
    def policies(self) -> dict[str, PolicyText]:
        """Return the texts and severities of every policy, by its id."""
        return self._lazy_tables.policies.texts

    @property
    def thresholds(self) -> dict[str, int]:
        """Return the defaults of `[policies]`, by name."""
        return self._lazy_tables.policies.thresholds

    @property
    def third_party_addresses(self) -> dict[str, tuple[str, ...]]:
        """Return the addresses from which a service sends for all its users, by service."""
        return self._lazy_tables.policies.third_party_addresses

    @property
    def libraries(self) -> list[LibrarySpec]:
        """Return libraries whose calls show which permissions a program needs, in their order."""
        return self._lazy_tables.libraries

    @property
    def rule_ids(self) -> list[str]:
        """Return the ids of all rules, as they appear in findings."""
        issuers = (f'{issuer}-credential' for issuer in self._tables.rules)
        return sorted([*issuers, *GENERIC_RULES, *self.policies])

    @cached_property
    def _own_names(self) -> frozenset[str]:
        """Return the ids of dossiers in the user's own folders, from their files' names."""
        paths = [path for path, _, _ in list_definitions(self.folders[1:])]
        return frozenset(os.path.splitext(os.path.basename(path))[0] for path in paths)

    def find_own_page(self, issuer: str) -> str:
        """Return the page about a rule of the user's own; empty for a built-in rule.

        It is the page where the issuer's keys are managed, because our site does not know the rule.
        """
        if not self.folders[1:] or issuer not in self._own_names:
            return ''
        return self.rules[issuer].manage or _WRITING_RULES

    @cached_property
    def public_names(self) -> frozenset[str]:
        """Return the ids of issuers and policies, which may be shown from any text."""
        _, _, texts = self._tables.policies  # their records are made on first use
        return frozenset((*self._tables.rules, *texts))

    @cached_property
    def published(self) -> frozenset[bytes]:
        """Return values that vendors print in their own documentation."""
        return frozenset(self._tables.published)

    @cached_property
    def known(self) -> frozenset[str]:
        """Return the SHA-256 (hex) of publicly known values."""
        return frozenset(self._tables.known)

    def issuers_in_path(self, path: str) -> set[str]:
        """Return the issuers that the last three parts of a file's path name."""
        parts = path.replace('\\', '/').rsplit('/', 3)[-3:]
        return {issuer for part in parts for issuer in self.issuers_in(part)}

    @cached_property
    def tokenless(self) -> set[bytes]:
        """Return digests of texts that were found to contain no token."""
        return set()

    def remember_tokenless(self, digest: bytes) -> None:
        """Remember that a text contains no token; beyond a limit, forget all."""
        if len(self.tokenless) >= _MAX_TOKENLESS:
            self.tokenless.clear()
        self.tokenless.add(digest)

    def remember(self, kind: type[Memory]) -> Memory:
        """Return what a later stage keeps of a kind for these rules, from the first call on."""
        kept = self._memories.get(kind)
        if not isinstance(kept, kind):
            kept = self._memories[kind] = kind()
        return kept

    def pattern(self, source: bytes) -> re.Pattern[bytes]:
        """Return the compiled form of a pattern of these rules."""
        compiled = self._patterns.get(source)
        if compiled is None:
            compiled = self._patterns[source] = compile_once(source)
        return compiled

    def role_of(self, name: str) -> tuple[PartKind | None, bool]:
        """Return the part that a name denotes, and whether that is beyond doubt.

        The answer comes from the one dossier that lists the name, or else from the vocabulary.
        """
        own = self.owners_of(name)
        if len(own) == 1:
            return own[0][1], True
        return (
            find_role(name)
            or ((own[0][1], True) if own else None)
            or self._find_role_before_issuer(name)
            or (None, False)
        )

    def has_role(self, name: str) -> bool:
        """Tell whether a name denotes a part of a credential."""
        return self.role_of(name)[0] is not None

    def read_name(self, name: str) -> tuple[PartKind | None, bool]:
        """Return the part that a name denotes, and whether it names an issuer as well."""
        role = self.role_of(name)[0]
        return role, role is not None and bool(self.issuers_in(name))

    def _find_role_before_issuer(self, name: str) -> tuple[PartKind, bool] | None:
        """Find the part if the name ends with the issuer's: `PK_ETH`, `TOKEN_OANDA`."""
        words = split_words(name)
        if words and self._cut_part(words[-1]):
            return 'api-key', True
        for length in (1, 2):
            if len(words) > length and ''.join(words[-length:]) in self._tables.aliases:
                return find_role('_'.join(words[:-length]))
        return None

    def _cut_part(self, word: str) -> str:
        """Return the issuer in a name of one word, `binancekey`; empty for any other name."""
        for part in _JOINED_PARTS:
            if word.endswith(part) and len(word) > len(part) + _MIN_JOINED_CHARS:
                issuer = word[: -len(part)]
                return issuer if issuer in self._tables.aliases else ''
        return ''

    def owners_of(self, name: str) -> list[tuple[str, PartKind]]:
        """Return pairs of issuer and kind of part from the dossiers that list exactly this name."""
        return self._tables.names.get(squeeze_name(name), [])

    def issuers_in(self, name: str) -> tuple[str, ...]:
        """Return the issuers that a name contains, by the longest alias in it.

        `BINANCE_US_API_KEY` gives `binanceus`.
        """
        found = self._issuers_by_name.get(name)
        if found is None:
            found = self._issuers_by_name[name] = self._find_issuers(
                split_words(name), squeeze_name(name)
            )
        return found

    def issuers_titled(self, text: str) -> list[str]:
        """Return the issuers whose name, id or alias is this text, squeezed: also common words."""
        return self._tables.titles.get(text) or self._tables.aliases.get(text, [])

    def _find_issuers(self, words: tuple[str, ...], whole: str) -> tuple[str, ...]:
        aliases = self._tables.aliases
        if whole in aliases:
            return tuple(aliases[whole])
        if whole in self._tables.own_names:
            return tuple(self._tables.own_names[whole])
        own = [word for word in words if word not in ROLE_WORDS]
        if len(own) < len(words) and (titled := self.issuers_titled(''.join(own))):
            return tuple(titled)  # a common word counts only beside the words for a part
        for length in (3, 2, 1):
            for first in range(len(words) - length + 1):
                joined = ''.join(words[first : first + length])
                if joined in aliases and (len(joined) > 2 or length == len(words)):
                    return tuple(aliases[joined])
        return tuple(aliases.get(self._cut_part(whole), ()))

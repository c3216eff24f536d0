"""Walk the trees of a file: every mapping is a vendor's document or an entry of the user's own."""

from __future__ import annotations

import json
from collections.abc import Iterator

from keylint.core.lazy_patterns import defer_regex
from keylint.core.model import KeyDeclaration
from keylint.core.names import squeeze_name
from keylint.core.records import NamedTuple
from keylint.declarations import config_entries as entries
from keylint.declarations import vendor_documents as documents
from keylint.declarations.entry_facts import find_facts
from keylint.declarations.grouping import (
    group_by_prefix,
    nest_dotted_keys,
    spread_options,
    to_mapping,
)
from keylint.declarations.issuers import issuer_called, issuer_of
from keylint.declarations.table_columns import has_switch_columns
from keylint.declarations.vendor_documents import merge_own_words
from keylint.declarations.vocabulary import is_container, is_ip_list
from keylint.readers.tree import Node
from keylint.rules.declaration_types import DocumentShape
from keylint.rules.rule_set import RuleSet
from keylint.validators.ip_addresses import is_type_name

_NAMING = frozenset(
    """
    exchange exchangename exchangeid exchanges broker venue platform provider name connector
    market issuer service ccxtid gateway vendor site id type account accountname driver api
    """.split()
)
MAX_KEYS = 20_000
# Bytes from which on a document is looked through before it is read, and an item of a list that
# assigns: `"NAME=value"`.
_LARGE_BYTES = 4000
_ASSIGNMENT = defer_regex(rb'"[A-Z_]{3,40}=')


class TreeContext(NamedTuple):
    """What is known on the way down.

    The issuer, whether it was named on the way (and not only by the file), the name above.
    """

    issuer: str | None
    is_close: bool
    above: str


def _passes_names_on(node: Node) -> bool:
    """Tell whether every entry repeats its name: `{'remark': remark, 'ipWhitelist': ip_whitelist}`.

    A library builds a request of what its callers say: it states nothing about a key itself.
    """
    return all(
        item.value is not None and squeeze_name(item.value) == squeeze_name(item.key)
        for item in node.items
    )


def _states_types(node: Node) -> bool:
    """Tell whether a mapping says of what type its fields are: `{ apiKey: string; ip: string }`."""
    values = [item.value for item in node.items if item.value]
    return 2 * sum(map(is_type_name, values)) > len(values)


class TreeWalk:
    """One pass over the trees of a file."""

    def __init__(self, pack: RuleSet) -> None:
        self.pack = pack
        self.index = pack.documents
        self.telling: dict[tuple[str, ...], bool] = {}

    def walk_tree(self, root: Node, context: TreeContext) -> Iterator[KeyDeclaration]:
        """Yield what the mappings of a tree declare, from the top down."""
        stack = [(root, context)]
        while stack:
            node, context = stack.pop()
            if not node.entries:
                continue
            if node.is_list:
                rows = self._read_bare_list(node, context)
                if rows is not None:
                    yield rows
                    continue
                pairs = to_mapping(node)
                stack += (
                    [(pairs, context)]
                    if pairs is not None
                    else [(item, context) for item in reversed(node.items)]
                )
                continue
            node = spread_options(node)
            context = self._narrow_context(node, context)
            found = (
                list(self._read_mapping(node, context))
                if self._is_telling(tuple(node.entries))
                else []
            )
            yield from found
            if not found:
                stack += [
                    (item, self._context_below(item, context)) for item in reversed(node.items)
                ]

    def walk_nested(self, root: Node, context: TreeContext) -> Iterator[KeyDeclaration]:
        """Walk a tree by the dotted names of its settings, where it has some."""
        nested = nest_dotted_keys(root)
        return iter(()) if nested is None else self.walk_tree(nested, context)

    def read_row(self, row: Node, context: TreeContext) -> Iterator[KeyDeclaration]:
        """Read a row of a table about keys.

        It must name an exchange and what else only keys have; a table of what exchanges offer
        does not.
        """
        own = self._narrow_context(row, context)
        names = row.entries
        has_rights = any(map(is_container, names)) and (
            find_facts(row) or any(map(is_ip_list, names))
        )
        if own.issuer is None or not own.is_close or not (has_rights or has_switch_columns(row)):
            return
        found = self._read_entry(row, own)
        if found is not None:
            yield found

    def _is_telling(self, names: tuple[str, ...]) -> bool:
        """Tell whether a mapping with these names can say anything about a key.

        Rows of an export have all the same.
        """
        known = self.telling.get(names)
        if known is None:
            keys = {squeeze_name(name) for name in names}
            known = (
                entries.are_telling(names)
                or any(issuer_of(name, self.pack) for name in names)
                or any(
                    self._has_keys_of(document, keys)
                    for key in keys & self.index.keys()
                    for _, _, document in self.index[key]
                )
            )
            if len(self.telling) < MAX_KEYS:
                self.telling[names] = known
        return known

    def _narrow_context(self, node: Node, context: TreeContext) -> TreeContext:
        """Return the context with what the mapping itself says about whose key it is."""
        for entry in node.items:
            is_naming = squeeze_name(entry.key) in _NAMING or (
                entry.key == 'title' and 'fields' in node.entries
            )
            if is_naming and entry.value and len(entry.value) < 60:
                is_exchange = squeeze_name(entry.key) == 'exchange'
                find_issuer = issuer_called if is_exchange else issuer_of
                rule = find_issuer(entry.value, self.pack)
                if rule is not None:
                    return context._replace(issuer=rule, is_close=True)
        return context

    def _context_below(self, item: Node, context: TreeContext) -> TreeContext:
        rule = issuer_of(item.key, self.pack) if item.key and not item.key.isdigit() else None
        above = item.key if not item.key.isdigit() else context.above
        return TreeContext(rule or context.issuer, bool(rule) or context.is_close, above)

    def _read_mapping(self, node: Node, context: TreeContext) -> Iterator[KeyDeclaration]:
        if _passes_names_on(node) or _states_types(node):
            return
        document = self._match_document(node, context)
        if document is not None:
            yield self._read_document(node, context, *document)
            return
        if any(
            self._match_document(item, self._context_below(item, context))
            for item in node.items
            if item.entries and not item.is_list
        ):
            return  # the vendor's document lies below
        entry = self._read_entry(node, context)
        if entry is not None and entry.permissions is not None:
            yield entry
            return
        prefixed = list(self._read_prefixed_keys(node))
        if (
            entry is not None
            and entry.restriction != 'unknown'
            and all(one.permissions is None for one in prefixed)
        ):
            yield entry
        else:
            yield from prefixed

    def _read_document(
        self, node: Node, context: TreeContext, rule: str, shape: DocumentShape
    ) -> KeyDeclaration:
        """Read a mapping as the vendor's document.

        A document without a right may be somebody's own configuration that happens to use two of
        its names: what that says counts then.
        """
        table = self.pack.rules[rule].declarations
        document = documents.read_vendor_document(node, rule, table, shape)
        if document.words:
            return document
        entry = self._read_entry(node, context._replace(issuer=rule, is_close=True))
        return document if entry is None else merge_own_words(document, entry)

    def _read_entry(self, node: Node, context: TreeContext) -> KeyDeclaration | None:
        table = self.pack.rules[context.issuer].declarations if context.issuer else None
        is_close = context.is_close or issuer_of(context.above, self.pack) is not None
        return entries.read_config_entry(node, context.issuer, table, is_close, context.above)

    def _read_prefixed_keys(self, node: Node) -> Iterator[KeyDeclaration]:
        """Yield declarations of keys whose variables share a prefix."""
        for rule, above, group in group_by_prefix(node, self.pack):
            entry = entries.read_config_entry(
                group, rule, self.pack.rules[rule].declarations, True, above or 'api key'
            )
            if entry is not None:
                yield entry._replace(label=entry.label or above)

    def _match_document(self, node: Node, context: TreeContext) -> tuple[str, DocumentShape] | None:
        """Return the vendor's document that the mapping is.

        Of those whose keys it has, the issuer's own, then the one with most keys.
        """
        keys = {squeeze_name(key) for key in node.entries}
        fitting = []
        for key in sorted(keys & self.index.keys()):
            for rule, number, document in self.index[key]:
                if self._has_keys_of(document, keys) and (
                    rule == context.issuer or not document.needs_issuer
                ):
                    fitting.append(
                        (rule != context.issuer, -len(document.keys), rule, number, document)
                    )
        if not fitting:
            return None
        is_foreign, _, rule, _, document = min(fitting, key=lambda fit: fit[:4])
        return (
            context.issuer if context.issuer and is_foreign and context.is_close else rule
        ), document

    def _has_keys_of(self, document: DocumentShape, keys: set[str]) -> bool:
        return all(squeeze_name(name) in keys for name in document.keys)

    def is_quiet(self, data: bytes, issuer: str | None) -> bool:
        """Tell whether the names in a large JSON document say nothing of a key."""
        if (
            len(data) < _LARGE_BYTES
            or data.lstrip()[:1] not in (b'{', b'[')
            or _ASSIGNMENT.search(data)
        ):
            return False
        if issuer is not None and any(
            not document.keys for document in self.pack.rules[issuer].declarations.documents
        ):
            return False
        told: list[bool] = []

        def look_at_names(pairs: list[tuple[str, object]]) -> None:
            names = tuple(name for name, _ in pairs)
            named = dict(pairs).get('name') or dict(pairs).get('key') if 'value' in names else None
            if not told and (
                self._is_telling(names) or (isinstance(named, str) and self._is_telling((named,)))
            ):
                told.append(True)

        try:
            json.loads(data, object_pairs_hook=look_at_names)
        except (ValueError, RecursionError):
            return False
        return not told

    def _read_bare_list(self, node: Node, context: TreeContext) -> KeyDeclaration | None:
        """Read a list of rows without names, such as Bitfinex gives."""
        if context.issuer is None or not all(
            item.is_list and len(item.entries) == 3 for item in node.items
        ):
            return None
        for document in self.pack.rules[context.issuer].declarations.documents:
            if not document.keys:
                found = documents.read_vendor_document(
                    node, context.issuer, self.pack.rules[context.issuer].declarations, document
                )
                return found if found.words else None
        return None

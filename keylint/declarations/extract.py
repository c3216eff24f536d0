"""All declarations of a file.

Its trees walked once, every mapping read as a vendor's document or as an entry of the user's own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from keylint.core.model import KeyDeclaration
from keylint.core.names import squeeze_name
from keylint.declarations import config_entries as entries
from keylint.declarations import vendor_documents as documents
from keylint.declarations.grouping import group_by_prefix, join_lists, to_mapping
from keylint.declarations.issuers import KEY_ISSUER_KINDS, issuer_called, issuer_of
from keylint.detect.context import find_context
from keylint.readers.formats import Format
from keylint.readers.parsed import ParsedText
from keylint.readers.tree import Node, PartlyReadError
from keylint.readers.trees import read_trees
from keylint.rules.declaration_types import DocumentShape
from keylint.rules.rule_set import RuleSet
from keylint.validators.ip_addresses import is_type_name

_NAMING = frozenset(
    """
    exchange exchangename exchangeid exchanges broker venue platform provider name connector
    market issuer service ccxtid gateway vendor site id type account accountname driver api
    """.split()
)
_MAX_KEYS = 20_000
# Bytes from which on a document is looked through before it is read, and an item of a list that
# assigns: `"NAME=value"`.
_LARGE_BYTES = 4000
_ASSIGNMENT = re.compile(rb'"[A-Z_]{3,40}=')


class _Context(NamedTuple):
    """What is known on the way down.

    The issuer, whether it was named on the way (and not only by the file), the name above.
    """

    issuer: str | None
    is_close: bool
    above: str


def find_declarations(
    text: ParsedText, form: Format, path: str, pack: RuleSet, places: Sequence[int]
) -> list[KeyDeclaration]:
    """Find the declarations of a text, by offset.

    `places` are the sorted offsets at which it speaks of permissions or addresses. Raises
    PartlyReadError, which has those that were found, when some of the text cannot be read as a
    document.
    """
    data = text.data
    found: set[KeyDeclaration] = set()
    walk = _TreeWalk(pack)
    is_code = form.language is not None
    top = _Context(
        _find_file_issuer(data, path, pack),
        False,
        '' if is_code else path.rsplit('/', 1)[-1].split('.')[0],
    )
    why = ''
    if walk.is_quiet(data, top.issuer):
        return []
    try:
        trees = read_trees(text, form, places)
        for tree in join_lists(trees, pack) if is_code else trees:
            found |= set(walk.walk_tree(tree, top))
            if len(found) > _MAX_KEYS:
                why = f'more than {_MAX_KEYS} keys: the rest is not read'
                break
    except PartlyReadError as error:
        why = str(error)
    by_offset = sorted(found, key=lambda d: (d.start, d.end, d.document))
    if why:
        raise PartlyReadError(why, by_offset)
    return by_offset


def _find_file_issuer(data: bytes, path: str, pack: RuleSet) -> str | None:
    """Return the issuer that the file's path names, else the only one that its text speaks of."""
    named = [
        rule
        for part in reversed(path.replace('\\', '/').rsplit('/', 3)[-3:])
        if (rule := issuer_of(part, pack))
    ]
    if named:
        return named[0]
    spoken = {
        rule
        for rule in find_context(data, path, pack, []).mentions
        if pack.rules[rule].kind in KEY_ISSUER_KINDS
    }
    return spoken.pop() if len(spoken) == 1 else None


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


class _TreeWalk:
    """One pass over the trees of a file."""

    def __init__(self, pack: RuleSet) -> None:
        self.pack = pack
        self.index = pack.documents
        self.telling: dict[tuple[str, ...], bool] = {}

    def walk_tree(self, root: Node, context: _Context) -> Iterator[KeyDeclaration]:
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
            if len(self.telling) < _MAX_KEYS:
                self.telling[names] = known
        return known

    def _narrow_context(self, node: Node, context: _Context) -> _Context:
        """Return the context with what the mapping itself says about whose key it is."""
        for entry in node.items:
            if squeeze_name(entry.key) in _NAMING and entry.value and len(entry.value) < 60:
                is_exchange = squeeze_name(entry.key) == 'exchange'
                find_issuer = issuer_called if is_exchange else issuer_of
                rule = find_issuer(entry.value, self.pack)
                if rule is not None:
                    return context._replace(issuer=rule, is_close=True)
        return context

    def _context_below(self, item: Node, context: _Context) -> _Context:
        rule = issuer_of(item.key, self.pack) if item.key and not item.key.isdigit() else None
        above = item.key if not item.key.isdigit() else context.above
        return _Context(rule or context.issuer, bool(rule) or context.is_close, above)

    def _read_mapping(self, node: Node, context: _Context) -> Iterator[KeyDeclaration]:
        if _passes_names_on(node) or _states_types(node):
            return
        document = self._match_document(node, context)
        if document is not None:
            rule, shape = document
            yield documents.read_vendor_document(
                node, rule, self.pack.rules[rule].declarations, shape
            )
            return
        table = self.pack.rules[context.issuer].declarations if context.issuer else None
        own = issuer_of(context.above, self.pack)
        if any(
            self._match_document(item, self._context_below(item, context))
            for item in node.items
            if item.entries and not item.is_list
        ):
            return  # the vendor's document lies below
        entry = entries.read_config_entry(
            node, context.issuer, table, context.is_close or own is not None, context.above
        )
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

    def _read_prefixed_keys(self, node: Node) -> Iterator[KeyDeclaration]:
        """Yield declarations of keys whose variables share a prefix."""
        for rule, above, group in group_by_prefix(node, self.pack):
            entry = entries.read_config_entry(
                group, rule, self.pack.rules[rule].declarations, True, above or 'api key'
            )
            if entry is not None:
                yield entry._replace(label=entry.label or above)

    def _match_document(self, node: Node, context: _Context) -> tuple[str, DocumentShape] | None:
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

    def _read_bare_list(self, node: Node, context: _Context) -> KeyDeclaration | None:
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

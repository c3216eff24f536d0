"""All declarations of a file.

Its trees walked once, every mapping read as a vendor's document or as an entry of the user's own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import islice

from keylint.core.model import KeyDeclaration
from keylint.declarations.grouping import join_lists
from keylint.declarations.issuers import KEY_ISSUER_KINDS, issuer_of
from keylint.declarations.spoken_places import SpokenPlaces
from keylint.declarations.tree_walk import MAX_KEYS, TreeContext, TreeWalk
from keylint.detect.context import find_context
from keylint.matcher.repeats import MAX_DECLARED
from keylint.readers.formats import Format
from keylint.readers.grafted_texts import graft_documents, may_hold_documents
from keylint.readers.other_trees import read_other_trees, read_table_rows
from keylint.readers.parsed import ParsedText
from keylint.readers.tree import Node, PartlyReadError
from keylint.readers.trees import read_trees
from keylint.rules.rule_set import RuleSet

# How far before a string the address of its request may stand.
_STATEMENT_REACH = 400
# Matches end behind the name and what follows it, which may be behind a short value.
_NAME_REACH = 40


def find_declarations(
    text: ParsedText, form: Format, path: str, pack: RuleSet, places: SpokenPlaces
) -> list[KeyDeclaration]:
    """Find the declarations of a text, by offset.

    Raises PartlyReadError, which has those that were found, when some of the text cannot be read as
    a document.
    """
    data = text.data
    is_code = form.language is not None
    if is_code and not places.all:
        return []
    found: set[KeyDeclaration] = set()
    walk = TreeWalk(pack)
    top = TreeContext(
        _find_file_issuer(data, path, pack),
        False,
        '' if is_code else path.rsplit('/', 1)[-1].split('.')[0],
    )
    why = ''
    if walk.is_quiet(data, top.issuer):
        return []
    has_documents = form.tree is not None and may_hold_documents(data)
    try:
        trees = read_trees(text, form, places.literals)
        for tree in join_lists(trees, pack) if is_code else trees:
            if has_documents:
                graft_documents(tree)
            found |= set(walk.walk_tree(tree, top)) or set(walk.walk_nested(tree, top))
            if len(found) > MAX_KEYS:
                why = f'more than {MAX_KEYS} keys: the rest is not read'
                break
    except PartlyReadError as error:
        why = str(error)
    if is_code and len(places.all) >= MAX_DECLARED and not why:
        why = f'more than {MAX_DECLARED} places speak of permissions: the rest is not read'
    found |= _read_elsewhere(text, form, walk, top, (found, places.all))
    by_offset = sorted(found, key=lambda d: (d.start, d.end, d.document))
    if why:
        raise PartlyReadError(why, by_offset)
    return by_offset


def _read_elsewhere(
    text: ParsedText,
    form: Format,
    walk: TreeWalk,
    top: TreeContext,
    known: tuple[set[KeyDeclaration], Sequence[int]],
) -> set[KeyDeclaration]:
    """Read what strings, setters, keywords, elements and tables say.

    `known` is what has been read as a document already, which is not read again, and the offsets
    at which the text speaks of permissions or addresses: only what holds one is looked at.
    """
    documents, places = known
    found: set[KeyDeclaration] = set()
    for row in read_table_rows(text.data, form):
        found |= set(walk.read_row(row, top))
    for tree in islice(read_other_trees(text.data, form, places), MAX_KEYS):
        if not _holds_place(tree, places):
            continue
        near = _find_near_issuer(text.data, tree, walk.pack) or top.issuer
        declared = walk.walk_tree(tree, top._replace(above=tree.key, issuer=near))
        found |= {one for one in declared if _is_more_than_switches(one)}
    spans = [(one.start, one.end) for one in documents]
    return {
        one for one in found if not any(one.start < end and start < one.end for start, end in spans)
    }


def _is_more_than_switches(declaration: KeyDeclaration) -> bool:
    """Tell whether fields of a program say more than `WithdrawalEnabled`, which coins have too."""
    return declaration.source == 'document' or declaration.restriction != 'unknown'


def _holds_place(tree: Node, places: Sequence[int]) -> bool:
    number = bisect_left(places, tree.start)
    return number < len(places) and places[number] <= tree.end + _NAME_REACH


def _find_near_issuer(data: bytes, tree: Node, pack: RuleSet) -> str | None:
    """Return the issuer that the statement before a tree names: the address of a request."""
    before = data[max(0, tree.start - _STATEMENT_REACH) : max(0, tree.start)]
    for part in reversed(before.rsplit(b'\n', 2)):
        named = {
            rule
            for rule in find_context(part, '', pack, []).mentions
            if pack.rules[rule].kind in KEY_ISSUER_KINDS
        }
        if named:
            return named.pop() if len(named) == 1 else None
    return None


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

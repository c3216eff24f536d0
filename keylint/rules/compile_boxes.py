"""Compile a dossier's words for permissions into the boxes of the vendor's page.

Words with one label (`ui`) are one box: the words of the API, of the page, and its older names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from keylint.core.terms import PERMISSIONS, Permission
from keylint.rules.box_types import Box, KeyPage, KeyRights

if TYPE_CHECKING:
    from keylint.rules.file_types import KeyPageTable, PermissionTable

# Appended to the label of a box that can also be ticked for reading only.
READING = ' (read only)'


def compile_key_page(words: Sequence[PermissionTable], page: KeyPageTable | None) -> KeyPage:
    """Compile the boxes and the other inputs of the page."""
    rows: dict[str, list[PermissionTable]] = {}
    for word in words:
        rows.setdefault(word.get('ui') or word['word'], []).append(word)
    boxes = [box for label, own in rows.items() for box in _compile_box(label, own)]
    default: KeyRights = 'boxes' if any(box.is_offered for box in boxes) else 'unknown'
    if page is None:
        return KeyPage(default, _exclude_both_ways(boxes))
    return KeyPage(
        page.get('rights') or default,
        _exclude_both_ways(boxes),
        tuple((use, tuple(labels)) for use, labels in (page.get('use_cases') or {}).items()),
        tuple(page.get('steps') or ()),
        page.get('sub_accounts'),
    )


def list_levels(word: PermissionTable) -> tuple[Permission, ...]:
    """List the permissions of a word, which the dossier writes as one or as a list.

    A box that can also be ticked for reading only always grants reading.
    """
    level = word['level']
    levels = level if isinstance(level, list) else [level]
    return ('read', *levels) if word.get('read_only') and 'read' not in levels else tuple(levels)


def _compile_box(label: str, words: list[PermissionTable]) -> list[Box]:
    """Compile the words of one label: one box, or two if it can be ticked for reading only."""
    granted = {level for word in words for level in list_levels(word)}
    best = next((word for word in words if word['kind'] == 'box'), words[0])
    is_offered = any(_is_offered(word) for word in words)
    has_variant = any(word.get('read_only') for word in words)
    names = [name for word in words for name in (word['word'], word.get('ui')) if name]
    box = Box(
        label,
        tuple(level for level in PERMISSIONS if level in granted),
        tuple(dict.fromkeys([*names, label])),
        tuple(name for word in words for name in word.get('needs') or ()),
        tuple(name for word in words for name in word.get('excludes') or ()),
        best['kind'],
        is_offered,
    )
    if not has_variant:
        return [box]
    reading = label + READING
    variant = box._replace(
        label=reading, permissions=('read',), words=(reading,), excludes=(label,)
    )
    return [variant, box]


def _is_offered(word: PermissionTable) -> bool:
    """Tell whether a word names a box that the page is known to have today."""
    return word['kind'] == 'box' and word['confidence'] != 'inferred'


def _exclude_both_ways(boxes: list[Box]) -> tuple[Box, ...]:
    """Make exclusions symmetric: the dossier states each for only one of the two boxes."""
    return tuple(
        box._replace(
            excludes=tuple(
                other.label
                for other in boxes
                if other.label in box.excludes or box.label in other.excludes
            )
        )
        for box in boxes
    )

"""Occurrences of one finding in many objects, merged: digests in, findings out."""

from __future__ import annotations

from keylint.history.occurrences import Occurrence, merge_occurrences


def test_occurrences_are_told_by_path_and_object_in_whatever_order_they_come() -> None:
    """Workers return in any order; the first of the best occurrences is the one that is shown."""
    parts = frozenset({b'key', b'secret'})
    places = [('2', 'b.py'), ('3', 'a.py'), ('1', 'b.py'), ('4', 'a.py')]
    found = [Occurrence('f', parts, name, path) for name, path in places]
    [merged] = merge_occurrences(found)
    assert [(one.path, one.object) for one in merged.best] == [
        ('a.py', '3'),
        ('a.py', '4'),
        ('b.py', '1'),
        ('b.py', '2'),
    ]
    assert merge_occurrences(found[::-1]) == [merged]

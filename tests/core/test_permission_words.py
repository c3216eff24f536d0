"""Permissions in the words of a trader."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from keylint.core.permission_words import describe_permissions, join_words
from keylint.core.terms import PERMISSIONS


@pytest.mark.parametrize(
    ('permissions', 'said'),
    [
        ((), ''),
        (('read',), 'read'),
        (('trade',), 'trade'),
        (('derivatives',), 'trade derivatives'),
        (('margin',), 'trade margin'),
        (('trade', 'derivatives'), 'trade spot and derivatives'),
        (('withdraw', 'read', 'trade'), 'read, trade and withdraw'),
        (
            PERMISSIONS,
            'read, trade spot, margin and derivatives, transfer between accounts, withdraw and '
            'manage keys or sub-accounts',
        ),
    ],
)
def test_permissions_are_verbs(permissions: Collection[str], said: str) -> None:
    assert describe_permissions(permissions) == said
    assert describe_permissions(set(permissions)) == said


@pytest.mark.parametrize(
    ('words', 'said'),
    [([], ''), (['a'], 'a'), (['a', 'b'], 'a and b'), (['a', 'b', 'c'], 'a, b and c')],
)
def test_words_are_joined_as_in_a_sentence(words: list[str], said: str) -> None:
    assert join_words(words) == said

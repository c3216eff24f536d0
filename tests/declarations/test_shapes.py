"""How people write what a key may do: each shape is found, and its mirror is silent."""

from __future__ import annotations

import pytest

from keylint.api import scan_text
from tests.declarations.answer_shapes import ANSWERS
from tests.declarations.code_shapes import CODE
from tests.declarations.file_shapes import SHAPES
from tests.declarations.silent_shapes import NO_KEYS
from tests.declarations.unseen_shapes import UNREAD, UNSEEN

ALL = {**ANSWERS, **SHAPES, **CODE, **UNSEEN}
LETTERS = {
    'key-can-withdraw': 'W',
    'key-can-transfer': 'T',
    'key-unrestricted-ip': 'N',
    'key-ip-too-broad': 'B',
    'key-ip-useless': 'B',
}


def find_letters(name: str, text: str) -> set[str]:
    findings = scan_text(text, name).findings
    return {LETTERS[finding.rule] for finding in findings if finding.rule in LETTERS}


@pytest.mark.parametrize('case', ALL)
def test_shape_is_read_and_its_mirror_is_silent(case: str) -> None:
    name, text, letters, changes = ALL[case]
    assert find_letters(name, text) == set(letters)
    sound = text
    for old, new in changes:
        assert old in sound
        sound = sound.replace(old, new)
    assert find_letters(name, sound) == set()


@pytest.mark.parametrize('case', NO_KEYS)
def test_what_is_no_key_is_silent(case: str) -> None:
    assert find_letters(*NO_KEYS[case]) == set()


@pytest.mark.parametrize('case', UNREAD)
def test_of_what_is_not_read_nothing_is_concluded(case: str) -> None:
    assert find_letters(*UNREAD[case]) == set()

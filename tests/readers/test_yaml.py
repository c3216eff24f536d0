"""The YAML reader against `yaml.safe_load` over generated documents.

Also the forms that only it knows.
"""

from __future__ import annotations

import base64
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from keylint.readers.yaml import settings as read
from keylint.rules.recipes import expand_recipes

# Of the characters that YAML allows; the others are told apart by the junk test in test_any.py.
CHARACTERS = st.characters(
    codec='utf-8',
    exclude_categories=('Cc', 'Cs', 'Cn', 'Co', 'Zl', 'Zp'),
    max_codepoint=0xFFFF,
    exclude_characters='\ufeff',
)
TEXT = st.text(CHARACTERS, max_size=20)
NAMES = st.text('abcxyz_-0', min_size=1, max_size=8)
TREES = st.recursive(
    TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
DOCUMENTS = st.dictionaries(NAMES, TREES, min_size=1, max_size=4) | st.lists(
    TREES, min_size=1, max_size=4
)


def leaves(tree: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], bytes]]:
    if isinstance(tree, dict):
        return [leaf for key, value in tree.items() for leaf in leaves(value, (*path, str(key)))]
    if isinstance(tree, list):
        return [
            leaf for index, value in enumerate(tree) for leaf in leaves(value, (*path, str(index)))
        ]
    return [(path, tree.encode())]


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(
    tree=DOCUMENTS,
    flow=st.sampled_from((None, False, True)),
    style=st.sampled_from((None, '"', "'")),
    indent=st.sampled_from((2, 4)),
    is_ascii=st.booleans(),
)
def test_settings_are_the_leaves(
    tree: Any, flow: bool | None, style: str | None, indent: int, is_ascii: bool
) -> None:
    text = yaml.safe_dump(
        tree,
        default_flow_style=flow,
        default_style=style,
        indent=indent,
        allow_unicode=not is_ascii,
        sort_keys=False,
        width=1000,
    )
    data = text.encode()
    found = read(data)
    assert found is not None
    assert [(setting.path, setting.value) for setting in found] == leaves(yaml.safe_load(text))
    for setting in found:
        raw = data[setting.start : setting.end]
        assert raw == setting.value or b'\\' in raw or b"''" in raw


@settings(max_examples=100, deadline=None)
@given(
    names=st.lists(NAMES, min_size=1, max_size=3, unique=True),
    mark=st.sampled_from(('|', '|-', '>', '>-', '|+')),
    comment=TEXT,
)
def test_block_scalars(names: list[str], mark: str, comment: str) -> None:
    """The value and its bytes without the indent around.

    Wide characters before it do not move it.
    """
    values = [expand_recipes('{alnum:40}', f'block/{name}') for name in names]
    text = ''.join(
        f'# {comment}\n{name}: {mark}\n    {value}\n'
        for name, value in zip(names, values, strict=True)
    )
    data = text.encode()
    found = read(data)
    assert found is not None
    assert [(s.path, s.value, data[s.start : s.end]) for s in found] == [
        ((name,), value.encode(), value.encode()) for name, value in zip(names, values, strict=True)
    ]


def test_documents_anchors_and_aliases() -> None:
    text = 'a: &x one\nb: *x\nc:\n- &y {d: two}\n- *y\n- three\n---\ne: four\n'
    found = read(text.encode())
    assert found is not None
    assert [(s.path, s.value) for s in found] == [
        (('a',), b'one'),
        (('b',), b'one'),
        (('c', '0', 'd'), b'two'),
        (('c', '2'), b'three'),
        (('e',), b'four'),
    ]


@pytest.mark.parametrize('value', ['one', '"one"', "'one'"])
@pytest.mark.parametrize('before', ['', '&x ', '!!str ', '!own  &x ', '&x\n  '])
def test_anchors_and_tags_are_no_part_of_the_value(before: str, value: str) -> None:
    data = f'a: {before}{value}\n'.encode()
    [setting] = read(data) or ()
    assert (setting.value, data[setting.start : setting.end]) == (b'one', b'one')


def test_an_alias_bomb_is_small() -> None:
    lines = [
        'a0: &a0 [x, x, x, x, x, x, x, x, x]',
        *(f'a{n}: &a{n} [{", ".join([f"*a{n - 1}"] * 9)}]' for n in range(1, 20)),
    ]
    found = read('\n'.join(lines).encode())
    assert found is not None
    assert len(found) == 9


@pytest.mark.parametrize('kind', ['Secret', 'ConfigMap'])
def test_kubernetes_data_is_decoded_in_secrets_only(kind: str) -> None:
    value = expand_recipes('{alnum:64}', f'kubernetes/{kind}').encode()
    coded = base64.b64encode(value)
    data = b'apiVersion: v1\nkind: %s\ndata:\n  api-key: %s\nstringData:\n  other: %s\n' % (
        kind.encode(),
        coded,
        coded,
    )
    found = {setting.path: setting for setting in read(data) or ()}
    setting = found['data', 'api-key']
    assert setting.value == (value if kind == 'Secret' else coded)
    assert data[setting.start : setting.end] == coded
    assert found['stringData', 'other'].value == coded


@pytest.mark.parametrize('text', ['a: [1, 2', 'a: "b', '{a: b', 'a: b: c', '\t- a', '%X\n', 'a: *'])
def test_broken_documents_are_none(text: str) -> None:
    assert read(text.encode()) is None


def test_latin_1_bytes_stay_bytes() -> None:
    data = b'name: caf\xe9\nkey: value\n'
    found = read(data)
    assert found is not None
    assert [(s.path, data[s.start : s.end]) for s in found] == [
        (('name',), b'caf\xe9'),
        (('key',), b'value'),
    ]


def test_deep_documents_end_quietly() -> None:
    assert [s.value for s in read(b'a: one\nb: ' + b'[' * 500 + b'x' + b']' * 500) or ()] == [
        b'one'
    ]

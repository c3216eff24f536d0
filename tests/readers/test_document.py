"""A document parses each thing at most once, and only what is asked for."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import yaml

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.pipeline.blob import scan_blob
from keylint.readers import json, key_value
from keylint.readers.document import Document, MemberName
from keylint.readers.parsed import ParsedText
from keylint.readers.trees import read_trees
from keylint.rules.load import load_rules
from keylint.rules.recipes import expand_recipes

YAML = """keys:
  - exchange: kraken
    permissions: [query-funds]
    purpose: reports
    used_by: [bot.py]
    apikey: {alnum:56}
    secret: {base64:64}
"""
JSON = """{"keys": [{"exchange": "kraken", "permissions": ["query-funds"], "purpose": "reports",
  "apiKey": "{alnum:56}", "secret": "{base64:64}", "used_by": [], "ip_allowlist": ["10.0.0.1"]}]}
"""
TOML = """[[keys]]
exchange = "kraken"
permissions = ["query-funds"]
apikey = "{alnum:56}"
secret = "{base64:64}"
"""


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count how often each parser of a whole text is run."""
    counts: Counter[str] = Counter()

    def count(owner: Any, name: str, key: str) -> None:
        real = getattr(owner, name)

        def counted(*arguments: Any, **options: Any) -> Any:
            counts[key] += 1
            return real(*arguments, **options)

        monkeypatch.setattr(owner, name, counted)

    count(yaml, 'parse', 'yaml')
    count(json._Parser, 'read', 'json')
    count(key_value, '_find_lines', 'sections')
    return counts


@pytest.mark.parametrize(
    ('path', 'recipe', 'want'),
    [
        ('notes.md', 'nothing is asked of this text\n', {}),
        ('plain.yaml', 'greeting: hello\n', {}),
        ('keys.yaml', YAML, {'yaml': 1}),
        ('keys.json', JSON, {'json': 1}),
    ],
)
def test_a_scan_parses_a_file_at_most_once(
    parses: Counter[str], path: str, recipe: str, want: dict[str, int]
) -> None:
    text = expand_recipes(recipe, 'document').encode()
    config = Config(inventory=(path,))
    rules = load_rules()
    _ = rules.pack
    parses.clear()
    is_inventory = 'keys' in path
    config = config if is_inventory else Config()
    result = scan_blob(Blob(text, Origin(path)), rules, config)
    assert bool(result.findings) == is_inventory
    assert result.failures == ()
    assert dict(parses) == want


def test_an_inventory_that_breaks_off_is_parsed_once_too(parses: Counter[str]) -> None:
    config = Config(inventory=('keys.yaml',))
    rules = load_rules()
    _ = rules.pack
    parses.clear()
    text = expand_recipes(YAML, 'document').encode() + b'  broken: [\n'
    result = scan_blob(Blob(text, Origin('keys.yaml')), rules, config)
    assert [failure.stage for failure in result.failures] == ['inventory']
    assert 'not YAML' in result.failures[0].error
    assert parses['yaml'] == 1


def test_lines_of_sections_are_found_once(parses: Counter[str]) -> None:
    text = ParsedText(expand_recipes(TOML, 'document').encode())
    assert text.sections.settings()
    assert list(text.sections.tree_settings())
    assert text.sections.properties()
    assert parses['sections'] == 1


def test_nothing_is_parsed_before_it_is_asked_for(parses: Counter[str]) -> None:
    document = Document('keys.yaml', b'keys: []\n')
    assert document.format.ending == 'yaml'
    assert dict(parses) == {}
    for _ in range(2):
        assert [setting.value for setting in document.settings] == []
        trees = read_trees(document, document.format)
        assert [tree.get('0.keys') is not None for tree in trees] == [True]
    assert dict(parses) == {'yaml': 1}


@pytest.mark.parametrize(
    ('name', 'ending'), [('', 'yaml'), ('inner/config.json.bak', 'json'), ('.env.local', 'env')]
)
def test_the_name_of_a_member_tells_its_format(name: str, ending: str) -> None:
    document = Document('outer.yaml', b'', member=MemberName(name, 'outer'))
    assert document.format.ending == ending
    assert document.name == (name or 'outer.yaml')
    assert document.fragments[0].container == 'outer'
    assert document.fragments[0].settings == ()


@pytest.mark.parametrize(
    ('data', 'error'),
    [
        (b'a: 1\n', None),
        (b'', None),
        (b'a: [\n', 'did not find expected node content'),
        (b'a: "\x01"\n', 'control characters are not allowed'),
        (b'a: \xff\n', None),
    ],
)
def test_the_error_of_a_text_is_that_of_a_plain_parser(data: bytes, error: str | None) -> None:
    found = ParsedText(data).yaml.find_error()
    assert (found is None) == (error is None)
    assert (error or '') in str(found)
    assert str(found) == str(plain_error(data))


def plain_error(data: bytes) -> yaml.YAMLError | None:
    """Return the error of PyYAML itself."""
    try:
        list(yaml.parse(data.decode('utf-8', 'replace'), Loader=yaml.CSafeLoader))
    except yaml.YAMLError as error:
        return error
    return None

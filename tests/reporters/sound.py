"""Check that a report of hostile text is still well-formed, one check for each format."""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Callable
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree

import jsonschema

from keylint.core.config import Config
from keylint.core.report import Report
from keylint.reporters import load_reporter
from keylint.reporters.order import list_open_places
from keylint.reporters.text import sanitize_text
from keylint.rules.load import load_rules

SCHEMAS = Path(__file__).parents[1] / 'schemas'


# Made once: a schema of this size takes longer to check than a report.
SCHEMA: dict[str, Any] = {
    'sarif': jsonschema.Draft4Validator(
        json.loads((SCHEMAS / 'sarif-2.1.0-rtm.5.json').read_text())
    ),
    'gitlab': jsonschema.Draft7Validator(
        json.loads((SCHEMAS / 'gitlab-secret-detection.json').read_text())
    ),
    'codeclimate': jsonschema.Draft7Validator(
        json.loads((SCHEMAS / 'gitlab-code-quality.json').read_text())
    ),
}


def written(name: str, report: Report, config: Config = Config()) -> str:  # noqa: B008 - a constant
    stream = StringIO(newline='')
    load_reporter(name)(report, config, stream, False)
    return stream.getvalue()


def no_steering(text: str, ends: str = '\n') -> None:
    """Nothing that a terminal or a log's reader would obey."""
    assert not [char for char in text if not char.isprintable() and char not in ends]
    assert not re.search(r'##(?:\w*)\[', text)
    assert 'never-printed-value' not in text


def sound_text(text: str, report: Report) -> None:
    no_steering(text)
    assert not re.search(r'(?m)^\s*::\w', text)
    level = r'(?m)^(?:.+:\d+:\d+|  ) ?(?:critical|high|medium|low|info) .*$'
    heads = re.findall(level, text)
    assert len(heads) == len(report.open)
    rules = re.findall(r'(?m)\([a-z][a-z0-9-]+\)$', text)
    assert len(rules) >= len(report.open), 'the rule of each is at the end of a line'


def sound_full(text: str, report: Report) -> None:
    no_steering(text)
    assert not re.search(r'(?m)^\s*::\w', text)
    assert text.count('      page:  ') == sum(one.state == 'open' for one in report.findings)


def well_formed(text: str) -> Any:
    """JSON that strict parsers take too: ASCII, no lone surrogates."""
    assert text.isascii()
    no_steering(text.replace('never-printed-value', ''))
    document = json.loads(text)
    json.dumps(document, ensure_ascii=False).encode()
    return document


def sound_concise(text: str, report: Report) -> None:
    *lines, summary = text.splitlines()
    assert ' in ' in summary or summary.startswith('nothing was scanned')
    assert len(lines) == len(list_open_places(report)) + len(report.warnings) + len(report.failures)
    for line in lines:
        assert re.fullmatch(
            r'.*:\d+:\d+: (?:critical|high|medium|low|info|warning|not scanned): .*', line
        )
    no_steering(text)


def sound_json(text: str, report: Report) -> None:
    assert len(well_formed(text)['findings']) == len(report.findings)


def sound_jsonl(text: str, report: Report) -> None:
    kinds = [well_formed(line)['type'] for line in text.splitlines()]
    assert kinds == ['finding'] * len(report.findings) + ['failure'] * len(report.failures) + [
        'warning'
    ] * len(report.warnings) + ['summary']


def sound_sarif(text: str, report: Report) -> None:
    document = well_formed(text)
    assert 'never-printed-value' not in text
    SCHEMA['sarif'].validate(document)
    run = document['runs'][0]
    assert len(run['results']) == len(report.findings)
    for result, one in zip(run['results'], report.findings, strict=True):
        places = [result['locations'][0], *result.get('relatedLocations', [])]
        for place in places:
            address = place['physicalLocation']['artifactLocation']['uri']
            assert re.fullmatch(r'(?:file://)?[A-Za-z0-9._~%/-]+', address)
            if one.path != 'x':
                assert unquote_to_bytes(address.removeprefix('file://')) == os.fsencode(one.path)
        for message in (
            result['message']['text'],
            *(place['message']['text'] for place in result.get('relatedLocations', [])),
        ):
            bare = re.sub(r'\\[\\\[\]]|\{\{|\}\}', '', message)
            assert not set('[]{}\\') & set(bare)
            assert not [char for char in message if not char.isprintable() and char != '\n']


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Return what GitHub's runner makes of a log: the command, its properties, the message."""
    found = []
    if not text:
        return []
    for line in re.split(r'\r\n|\r|\n', text.removesuffix('\n')):
        match = re.fullmatch(r'::(\w+) (.*?)::(.*)', line)
        assert match is not None, line
        pairs = dict(pair.split('=', 1) for pair in match[2].split(','))
        for old, new in (('%0D', '\r'), ('%0A', '\n'), ('%3A', ':'), ('%2C', ','), ('%25', '%')):
            pairs = {key: value.replace(old, new) for key, value in pairs.items()}
        found.append((match[1], pairs, match[3]))
    return found


def sound_github(text: str, report: Report) -> None:
    no_steering(text)
    found = commands(text)
    shown = [one for one in report.findings if one.state == 'open']
    assert len(found) == len(shown) + len(report.failures) + len(report.warnings)
    assert {command for command, _, _ in found} <= {'error', 'warning', 'notice'}
    assert all(
        set(properties) <= {'file', 'line', 'endLine', 'col', 'endColumn', 'title'}
        for _, properties, _ in found
    )
    assert all(len(line) < 20_000 for line in text.split('\n'))
    if shown and shown[0].path != 'x':
        assert found[0][1]['file'] == sanitize_text(shown[0].path)


def sound_gitlab(text: str, report: Report) -> None:
    document = well_formed(text)
    assert 'never-printed-value' not in text
    SCHEMA['gitlab'].validate(document)
    assert len(document['vulnerabilities']) == sum(one.state == 'open' for one in report.findings)
    for one in document['vulnerabilities']:
        for value in (one['description'], one['solution']):
            assert not re.search(r'(?<!\\)[\[\]<>`*!]', re.sub(r'\\\\', '', value))


def sound_codeclimate(text: str, report: Report) -> None:
    document = well_formed(text)
    assert 'never-printed-value' not in text
    SCHEMA['codeclimate'].validate(document)
    assert len(document) == sum(one.state == 'open' for one in report.findings) + len(
        report.failures
    )


# The elements and attributes of junit-10.xsd that we use; the required ones are marked.
JUNIT = {
    'testsuites': ({'testsuite'}, {'name', 'tests', 'failures', 'errors'}, set()),
    'testsuite': (
        {'testcase'},
        {'name', 'tests', 'failures', 'errors', 'skipped'},
        {'name', 'tests', 'failures', 'errors'},
    ),
    'testcase': ({'skipped', 'error', 'failure', 'system-out'}, {'name', 'classname'}, {'name'}),
    'failure': (set(), {'type', 'message'}, set()),
    'error': (set(), {'type', 'message'}, set()),
    'skipped': (set(), {'type', 'message'}, set()),
    'system-out': (set(), set(), set()),
}


def sound_junit(text: str, report: Report) -> None:
    no_steering(text)
    root = ElementTree.fromstring(text.encode())  # noqa: S314 - our own
    for element in root.iter():
        children, allowed, required = JUNIT[element.tag]
        assert {child.tag for child in element} <= children
        assert required <= set(element.attrib) <= allowed
    assert len(list(root.iter('testcase'))) == len(report.findings) + len(report.failures) + 1
    suite = root.find('testsuite')
    assert suite is not None
    for tag, name in (('failure', 'failures'), ('error', 'errors'), ('skipped', 'skipped')):
        assert suite.get(name) == str(len(list(root.iter(tag))))


def sound_csv(text: str, report: Report) -> None:
    no_steering(text, '\r\n')
    assert text.endswith('\r\n')
    assert text.count('\n') == text.count('\r') == len(report.findings) + len(report.failures) + 1
    rows = list(csv.DictReader(StringIO(text, newline=''), strict=True))
    assert all(None not in row and None not in row.values() for row in rows)
    for row in rows:
        assert not [
            value
            for value in row.values()
            if value.lstrip().startswith(('=', '+', '-', '@', '＝', '＋', '－', '＠'))
        ]


def sound_markdown(text: str, report: Report) -> None:
    no_steering(text)
    pages = {rule.manage for rule in load_rules().pack.rules.values() if rule.manage}
    text = re.sub(r' <(https://[^>]*)>', lambda link: '' if link[1] in pages else link[0], text)
    text = text.replace('@<!-- -->', '')
    shown = [one for one in report.findings if one.state == 'open']
    rows = [line for line in text.split('\n') if line.startswith('|')]
    assert len(rows) == (len(shown) + 2 if shown else 0)
    assert all(row.count('|') == 5 for row in rows)
    assert set(re.findall(r'<[^>]*>?', text)) <= {'<code>', '</code>', '<!-- -->'}
    assert not re.search(r'[`*_\\~$^]|(?<!&)#(?![# a-z0-9])|@|&(?!#\d+;)', text)
    links = re.findall(r'\[([^\]]*)\]\(([^)]*)\)', text)
    assert text.count('[') == text.count(']') == len(links) == len(shown)
    assert all(
        url == f'https://keylint.readthedocs.io/rules/{name}/' or name == 'key-exceeds-code'
        for name, url in links
    )
    prose = re.sub(r'\]\([^)]*\)', ']', text)
    assert not re.search(r'(?i)\w://|www\.', prose)


class Tags(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ('meta', 'input'):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


ATTRIBUTES = set(
    'lang charset name content http-equiv class href colspan scope data-key data-severity '
    'data-state hidden type value id rel'.split()
)


def sound_html(text: str, report: Report) -> None:
    no_steering(text)
    page = Tags()
    page.feed(text)
    page.close()
    assert page.open == []
    names = [tag for tag, _ in page.tags]
    assert (names.count('script'), names.count('style'), names.count('html')) == (1, 1, 1)
    assert names.count('tbody') == len(report.findings)
    assert not {'img', 'iframe', 'link', 'object', 'base', 'svg'} & set(names)
    assert {name for _, attributes in page.tags for name in attributes} <= ATTRIBUTES
    addresses = {attributes['href'] for tag, attributes in page.tags if tag == 'a'}
    pages = {rule.manage for rule in load_rules().pack.rules.values()}
    assert all(
        address in pages
        or (address and address.startswith('https://keylint.readthedocs.io/rules/'))
        for address in addresses
    )
    for one in report.findings:
        assert one.path == 'x' or sanitize_text(one.path) in ''.join(page.text)


SOUND: dict[str, Callable[[str, Report], None]] = {
    'text': sound_text,
    'full': sound_full,
    'concise': sound_concise,
    'json': sound_json,
    'jsonl': sound_jsonl,
    'sarif': sound_sarif,
    'github': sound_github,
    'gitlab': sound_gitlab,
    'codeclimate': sound_codeclimate,
    'junit': sound_junit,
    'csv': sound_csv,
    'markdown': sound_markdown,
    'html': sound_html,
}

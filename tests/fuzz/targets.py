"""What is fuzzed, and what must hold of it: a table from names to functions of bytes.

A broken promise is an AssertionError.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterable
from io import StringIO

from keylint.archives.walk import LocatedMember, walk_members
from keylint.baseline import file as baseline
from keylint.baseline import peers
from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.core.config_file import read_config
from keylint.core.errors import KeylintError
from keylint.core.limits import Limits
from keylint.core.model import Fragment, Setting
from keylint.core.report import BlobResult
from keylint.core.spans import Lines, map_to_blob
from keylint.findings.suppressions import find_suppressions
from keylint.pipeline.blob import scan_blob
from keylint.policies.code_permissions import read_code_permissions
from keylint.readers import csv, notebook, yaml
from keylint.readers import json as jsonlike
from keylint.readers import key_value as sections
from keylint.readers import tables as rows
from keylint.readers.decode import is_table, to_text
from keylint.readers.escapes import decode_with_pieces
from keylint.readers.formats import format_of
from keylint.readers.literals import read_literals
from keylint.readers.parsed import ParsedText
from keylint.readers.python_ast import parse_module
from keylint.readers.settings import read_settings
from keylint.readers.string_joins import join_literals
from keylint.readers.tree import PartlyReadError, walk_mappings
from keylint.readers.trees import read_trees
from keylint.reporters import REPORTERS, load_reporter
from keylint.rules.load import load_rules
from tests.fuzz.whole import ask_from_folders, show_unknown
from tests.reporters.hostile import hostile_report
from tests.reporters.sound import SOUND

RULES = load_rules()
ALL = Config(severity='info', confidence='low')
SHOWN = ALL._replace(show_secrets=True)
# Small limits, so that a small input can reach them.
SMALL = Limits(
    total=4 << 20,
    member=1 << 20,
    held=2 << 20,
    free=1 << 16,
    members=300,
    nodes=20_000,
    seconds=20.0,
)
# Names by which a reader, a carrier or a judgement is chosen; the first byte of an input picks one.
NAMES = (
    'bot.py',
    'config.json',
    'config.yaml',
    '.env',
    'settings.toml',
    'notes.md',
    'research.ipynb',
    'keys.csv',
    'keys.yaml',
    'keys.json',
    'main.tf',
    'dump.sql',
    'bot.js',
    'a.zip',
    'a.tar',
    'a.tgz',
    'a.pyc',
    'a.pkl',
    'a.db',
    'a.ini',
    'a.xml',
    'a.properties',
    '.bash_history',
    'a.eml',
    'a.har',
    'a.patch',
    'a.html',
    'a.reg',
    'a.ps1',
    'Dockerfile',
    'a.service',
    'a.log',
    'a.pdf',
    'a.png',
    'a.postman_collection',
    'keys.toml',
    'a.txt',
    'a',
)
# The pipeline turns an exception into a failure that begins with its name.
_ACCIDENT = re.compile(r'[A-Za-z_]+(?:Error|Exception|Exit|Interrupt|StopIteration): ')
# GitLab's reports say when they were made.
_TIME = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d')
_SHORTEST_VALUE = 12
_ENCODED = re.compile(rb'[\\\r\n"\']')


def named(data: bytes) -> tuple[str, bytes]:
    """Return the name that the first byte picks, and the rest."""
    return NAMES[data[0] % len(NAMES)] if data else NAMES[-1], data[1:]


def inside(settings: Iterable[Setting], data: bytes) -> list[Setting]:
    """Return the settings, whose spans lie in the text.

    What ends a reader early on purpose is no failure.
    """
    found = []
    try:
        for setting in settings:
            assert 0 <= setting.start <= setting.end <= len(data), setting
            assert all(isinstance(step, str) for step in setting.path), setting
            found.append(setting)
    except PartlyReadError:
        pass
    return found


def verbatim(settings: Iterable[Setting], data: bytes) -> None:
    """Return the bytes of each span are the value, or become it when escapes are undone."""
    for setting in inside(settings, data):
        raw = data[setting.start : setting.end]
        assert setting.value in (raw, decode_with_pieces(raw)[0]), setting


def mapped(fragment: Fragment, data: bytes) -> None:
    """Check that the pieces of a fragment lie in the blob in order, and say what it says."""
    end = 0
    for piece in fragment.pieces:
        assert piece.start == end, piece
        end += piece.length
        last = piece.blob_start + piece.length * piece.scale
        assert 0 <= piece.blob_start <= last <= len(data), piece
        if piece.scale == 1:
            assert data[piece.blob_start : last] == fragment.data[piece.start : end], piece
    assert not fragment.pieces or end == len(fragment.data)
    for at in range(0, len(fragment.data), max(1, len(fragment.data) // 16)):
        start, stop = map_to_blob(fragment, at, at + 1)
        assert 0 <= start < stop <= len(data) + 1, (at, start, stop)


def decode(data: bytes) -> None:
    text, is_text = to_text(data)
    assert (text, is_text) == to_text(data)
    assert is_text or text == data
    assert isinstance(is_table('a.csv', text), bool)
    lines = Lines(text)
    for at in range(0, len(text), max(1, len(text) // 16)):
        place = lines.place(at, at + 1)
        assert 1 <= place.line <= len(lines.starts)
        assert place.column >= 1
        start, end = lines.bounds(place.line)
        assert 0 <= start <= end <= len(text)
    for mark in find_suppressions(text, lines.starts):
        assert 1 <= mark.line <= len(lines.starts)


def json_like(data: bytes) -> None:
    verbatim(jsonlike.settings(data), data)
    for has_root in (False, True):
        inside(jsonlike.stream_json(data, has_root), data)
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return
    if isinstance(document, dict) and data.isascii():
        texts = [value for value in document.values() if isinstance(value, str)]
        found = [
            setting.value.decode('utf-8', 'replace')
            for setting in jsonlike.settings(data)
            if len(setting.path) == 1
        ]
        assert all(text in found for text in texts if text.isprintable()), texts


def yaml_like(data: bytes) -> None:
    for setting in inside(yaml.settings(data) or (), data):
        raw = data[setting.start : setting.end]
        is_plain = (
            re.fullmatch(rb'[A-Za-z0-9+/_\-]{8,}', raw) is not None
            and not _ENCODED.search(raw)
            and 'data' not in setting.path
        )
        assert not is_plain or raw == setting.value, setting
    inside(yaml.YamlText(data).tree_settings(), data)


def section_like(data: bytes) -> None:
    verbatim(sections.settings(data), data)
    inside(sections.SectionText(data).tree_settings(), data)


def table_like(data: bytes) -> None:
    text, _ = to_text(data)
    for setting in inside(csv.settings(text), text):
        assert text[setting.start : setting.end] == setting.value, setting
    for setting in inside(rows.settings(text, [(0, len(text))]), text):
        assert text[setting.start : setting.end] == setting.value, setting


def notebooks(data: bytes) -> None:
    for fragment in notebook.read_fragments(data) or ():
        mapped(fragment, data)
        inside(fragment.settings, fragment.data)
    assert notebook.count_images(data) >= 0


def programs(data: bytes) -> None:
    for literal in read_literals(data, bool(data[:1] == b'#')):
        inside(literal, data)
    for is_adjacent in (False, True):
        joined = join_literals(Fragment(data), is_adjacent)
        if joined is not None:
            mapped(joined.fragment, data)
    tree = parse_module(data)
    assert tree is None or tree.body is not None


def documents(data: bytes) -> None:
    name, text = named(data)
    parsed, form = ParsedText(text), format_of(name)
    inside(read_settings(parsed, form, name), text)
    try:
        for tree in read_trees(parsed, form):
            for node in walk_mappings(tree):
                assert -1 <= node.start <= node.end <= len(text), (node.key, node.start, node.end)
    except PartlyReadError:
        pass


def carriers(data: bytes) -> None:
    name, content = named(data)
    total = count = 0
    for item in walk_members(name, content, SMALL):
        if isinstance(item, LocatedMember):
            count += 1
            total += len(item.member.data)
            assert len(item.member.data) <= 2 * SMALL.member, item.container
            assert (
                not item.member.labels
                or len(item.member.labels) == item.member.data.count(b'\n') + 1
            )
        else:
            assert (item.path, item.stage) == (name, 'unpack')
            assert not _ACCIDENT.match(item.error), item.error
    assert count <= SMALL.members
    assert total <= 2 * SMALL.total


def pipeline(data: bytes) -> None:
    name, content = named(data)
    blob = Blob(content, Origin(name))
    result, shown = scan_blob(blob, RULES, ALL), scan_blob(blob, RULES, SHOWN)
    assert scan_blob(blob, RULES, ALL) == result, 'two scans of one blob differ'
    for failure in result.failures:
        assert failure.stage != 'scan' or not _ACCIDENT.match(failure.error), failure.error
    lines = len(Lines(to_text(content)[0]).starts)
    for finding in result.findings:
        assert finding.container or all(
            1 <= part.place.line <= lines and part.place.column >= 1 for part in finding.parts
        )
    no_values(result, shown)


def no_values(result: BlobResult, shown: BlobResult) -> None:
    """No value of a finding that is shown on request stands in what is shown without one."""
    values = {
        part.value
        for finding in shown.findings
        for part in finding.parts
        if part.value and len(part.value) >= _SHORTEST_VALUE
    }
    for finding in result.findings:
        assert all(part.value is None for part in finding.parts)
        words = [
            finding.title,
            finding.message,
            *finding.do,
            *(line.text for line in finding.excerpt),
            *(part.preview for part in finding.parts),
        ]
        if finding.declaration is not None:
            words += [finding.declaration.label, *(finding.declaration.ip_allowlist or ())]
        assert not [value for value in values if any(value in text for text in words)], finding.rule


def excerpts(data: bytes) -> None:
    show_unknown(*named(data))


def folders(data: bytes) -> None:
    ask_from_folders(*named(data))


def code(data: bytes) -> None:
    name, content = named(data)
    paths = sorted({name, 'bot.py', 'other.py'})
    texts = dict.fromkeys(paths, content) | {
        'other.py': b'import ccxt\nfrom bot import *\nclient.withdraw(1)\n'
    }
    first = read_code_permissions(paths, lambda path: texts[path], RULES.pack)
    assert first == read_code_permissions(paths, lambda path: texts[path], RULES.pack)


def reports(data: bytes) -> None:
    """Return the first byte picks the format.

    One of them is checked against a large schema, which takes its time.
    """
    name = list(REPORTERS)[data[0] % len(REPORTERS)] if data else 'text'
    text, _, path = data[1:].decode('utf-8', 'surrogateescape').partition('\x00')
    report = hostile_report(text, path.replace('\x00', '') or 'a')
    written = []
    for _ in range(2):
        stream = StringIO(newline='')
        load_reporter(name)(report, Config(), stream, False)
        written.append(_TIME.sub('', stream.getvalue()))
    assert written[0] == written[1], name
    SOUND[name](stream.getvalue(), report)


def own_files(data: bytes) -> None:
    """Files of the scanned tree that keylint reads about itself.

    Anything but a mistake that it can name is an accident.
    """
    folder = tempfile.gettempdir()
    for name, read in (
        ('keylint.toml', _config),
        ('pyproject.toml', _config),
        ('baseline.json', baseline.read_baseline),
    ):
        path = (
            os.path.join(folder, f'{os.getpid()}-{name}')
            if name != 'pyproject.toml'
            else os.path.join(_folder(folder), name)
        )
        with open(path, 'wb') as file:
            file.write(data)
        try:
            read(path)
        except KeylintError as error:
            if not str(error).startswith(path):
                raise AssertionError(f'the file is not named: {error}') from None
        finally:
            os.unlink(path)
    with contextlib.suppress(KeylintError):
        peers.parse_foreign('foreign', data)


def _config(path: str) -> Config:
    return read_config(path, Config())


def _folder(parent: str) -> str:
    path = os.path.join(parent, f'{os.getpid()}-fuzz')
    os.makedirs(path, exist_ok=True)
    return path


Target = Callable[[bytes], None]
TARGETS: dict[str, Target] = {
    'decode': decode,
    'json': json_like,
    'yaml': yaml_like,
    'sections': section_like,
    'tables': table_like,
    'notebooks': notebooks,
    'programs': programs,
    'documents': documents,
    'carriers': carriers,
    'pipeline': pipeline,
    'excerpts': excerpts,
    'folders': folders,
    'code': code,
    'reports': reports,
    'own-files': own_files,
}

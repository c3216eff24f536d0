"""Every format: golden files, published schemas, paths, several reports in one run, and hostile text that must not break out."""

from __future__ import annotations

import csv
import json
import os
import re
import zipfile
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keylint import __version__
from keylint.core.config import Config
from keylint.core.model import Cell, Finding, FindingPart, RelatedLocation, SourceRange
from keylint.core.relative_paths import path_from_root
from keylint.core.report import Failure, Report, ScanWarning
from keylint.core.terms import FindingState, Severity
from keylint.reporters import REPORTERS, reporter
from keylint.reporters.places import uri
from keylint.reporters.text import clean
from keylint.rules.recipes import expand
from tests.conftest import Repository, Run
from tests.test_output import FILES, leaked, same_as_golden

pytestmark = pytest.mark.slow

SCHEMAS = Path(__file__).parent / 'schemas'
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
# Besides the leaks of test_output: an inventory that allows more than the code needs, code in a file and in a notebook, and a broken link.
MORE = {
    'keys.yaml': """\
keys:
  - exchange: kraken
    label: "grid|<b>[x](y)"
    permissions: [read, trade, withdraw]
    ip_allowlist: [52.54.32.109]
    secret_ref: env:KRAKEN_SECRET
""",
    'grid.py': """\
import os

import ccxt

kraken = ccxt.kraken({'apiKey': os.environ['KRAKEN_KEY'], 'secret': os.environ['KRAKEN_SECRET']})
kraken.fetch_balance()
kraken.create_order('BTC/USD', 'limit', 'buy', 1, 1)
""",
}
TREE = FILES | MORE
SCAN = ('scan', '.', '--isolated', '--today', '2026-01-01', '--no-ignore')
CLEAN_ENVIRONMENT = {'CI_COMMIT_SHA': ''}
FORMATS = tuple(REPORTERS)
NEW_FORMATS = tuple(name for name in FORMATS if name not in ('text', 'json'))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in TREE.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding='utf-8')
    return tmp_path


def steady(text: str) -> str:
    """The report without what differs from run to run, seconds and keylint's own version, and without the pages of the rules after their heads."""
    text = re.sub(r'"seconds": [\d.]+', '"seconds": 0.0', text)
    text = re.sub(r'("markdown": "# [a-z0-9-]+)\\n(?:[^"\\]|\\.)*"', r'\1 …"', text)
    return text.replace(f'"{__version__}"', '"0"').replace(
        f'>keylint {__version__}<', '>keylint 0<'
    )


def written(name: str, report: Report, config: Config = Config()) -> str:  # noqa: B008 - a constant
    stream = StringIO(newline='')
    reporter(name)(report, config, stream, False)
    return stream.getvalue()


# One table of formats


def test_the_command_line_knows_the_table(keylint: Run) -> None:
    assert f'{", ".join(REPORTERS)} (default: text)' in ' '.join(
        keylint('scan', '--help').stdout.split()
    )
    assert all(callable(reporter(name)) for name in FORMATS)


@pytest.mark.parametrize('name', NEW_FORMATS)
def test_the_whole_report(keylint: Run, tree: Path, name: str) -> None:
    done = keylint(*SCAN, '--format', name, **CLEAN_ENVIRONMENT)
    assert (done.returncode, done.stderr) == (1, '')
    if name in SCHEMA:
        SCHEMA[name].validate(json.loads(done.stdout))
    assert same_as_golden(f'report.{name}', steady(done.stdout))
    assert steady(
        keylint(*SCAN, '--format', name, KEYLINT_WORKERS='1', **CLEAN_ENVIRONMENT).stdout
    ) == steady(done.stdout)


@pytest.mark.parametrize('name', FORMATS)
def test_no_piece_of_a_value_is_in_any_format(keylint: Run, tree: Path, name: str) -> None:
    done = keylint(*SCAN, '--pedantic', '--format', name)
    assert len(done.stdout) > 1000
    assert leaked(done.stdout + done.stderr, 12) == []


@pytest.mark.parametrize('name', FORMATS)
def test_every_format_names_the_member_of_an_archive(
    keylint: Run, tmp_path: Path, name: str
) -> None:
    with zipfile.ZipFile(tmp_path / 'backup.zip', 'w') as archive:
        archive.writestr(
            'conf/bot.env',
            expand('KRAKEN_API_KEY={base64:56}\nKRAKEN_SECRET={base64:88}\n', 'container'),
        )
    said = keylint('scan', '.', '--isolated', '--format', name).stdout
    assert 'backup.zip!/conf/bot.env' in unescape(said)


@pytest.mark.parametrize('name', [name for name in FORMATS if name not in ('json', 'jsonl')])
def test_only_json_shows_values_when_asked(keylint: Run, tree: Path, name: str) -> None:
    assert leaked(keylint(*SCAN, '--format', name, '--show-secrets').stdout, 12) == []


@pytest.mark.parametrize('name', FORMATS)
def test_a_clean_tree_makes_a_whole_report(keylint: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / 'a.py').write_text('x = 1\n')
    done = keylint('scan', '--isolated', '--format', name)
    assert (done.returncode, done.stderr) == (0, '')
    SOUND[name](done.stdout, Report())


@pytest.mark.parametrize(
    'name', [name for name in FORMATS if name not in ('codeclimate', 'csv', 'json', 'jsonl')]
)
def test_nothing_scanned_is_not_clean(name: str) -> None:
    text = written(name, Report())
    assert 'nothing was scanned' in text
    assert 'no findings' not in text


# Several reports in one run


def test_several_reports_in_one_run(keylint: Run, tree: Path) -> None:
    done = keylint(
        *SCAN,
        '--output',
        'sarif:out.sarif',
        '--output',
        'github:-',
        '--output',
        'junit:out.xml',
        **CLEAN_ENVIRONMENT,
    )
    assert (done.returncode, done.stderr) == (1, '')
    assert (
        steady((tree / 'out.sarif').read_text())
        == (Path(__file__).parent / 'golden' / 'report.sarif').read_text()
    )
    assert done.stdout == (Path(__file__).parent / 'golden' / 'report.github').read_text()
    assert ElementTree.parse(tree / 'out.xml').getroot().tag == 'testsuites'  # noqa: S314 - our own


@pytest.mark.parametrize(
    ('arguments', 'files', 'first'),
    [
        pytest.param((), {}, '.env', id='text by default'),
        pytest.param(
            ('--output', 'a'), {'a': '.env'}, '', id='a plain file takes the default format'
        ),
        pytest.param(
            ('--format', 'json', '--output', 'a'),
            {'a': '{'},
            '',
            id='a plain file takes the format',
        ),
        pytest.param(('--output', 'json:a'), {'a': '{'}, '', id='only what is listed'),
        pytest.param(
            ('--format', 'csv', '--output', 'json:a'),
            {'a': '{'},
            'state,',
            id='a format that is asked for is printed',
        ),
        pytest.param(('--format', 'csv', '--output', 'csv:-'), {}, 'state,', id='asked for twice'),
        pytest.param(
            ('--output', 'json:a', '--output', '-'), {'a': '{'}, '.env', id='text and a file'
        ),
        pytest.param(('--output', './json:a'), {'json:a': '.env'}, '', id='a file with a colon'),
    ],
)
def test_where_reports_go(
    keylint: Run, tmp_path: Path, arguments: tuple[str, ...], files: dict[str, str], first: str
) -> None:
    (tmp_path / '.env').write_text(FILES['conf/.env'])
    done = keylint('scan', '.env', '--isolated', *arguments)
    assert done.stdout.startswith(first)
    assert bool(done.stdout) == bool(first)
    assert {
        name: (tmp_path / name).read_text()[: len(start)] for name, start in files.items()
    } == files
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(['.env', *files])


@pytest.mark.parametrize(
    ('arguments', 'complaint'),
    [
        (('--output', 'sarf:x'), "unknown format 'sarf'; did you mean 'sarif'?"),
        (('--output', 'sarf:x'), 'a file of that name is ./sarf:x'),
        (('--output', 'json:-', '--output', 'csv:-'), 'standard output can take one report only'),
        (('--output', 'json:a', '--output', 'csv:a'), 'a can take one report only'),
        (('--output', 'json:no/such/folder/a'), 'no/such/folder/a: cannot write the report'),
    ],
)
def test_mistakes_with_outputs(
    keylint: Run, tmp_path: Path, arguments: tuple[str, ...], complaint: str
) -> None:
    (tmp_path / 'a.env').write_text('x=1\n')
    done = keylint('scan', 'a.env', '--isolated', *arguments)
    assert (done.returncode, done.stdout) == (2, '')
    assert complaint in done.stderr
    assert done.stderr.count('\n') == 1


@pytest.mark.skipif(
    os.name == 'nt' or os.geteuid() == 0, reason='needs folders that cannot be written'
)
def test_an_older_report_stays_when_the_new_one_cannot_be_written(keylint: Run, tree: Path) -> None:
    (tree / 'out').mkdir()
    (tree / 'out' / 'report').write_text('older')
    (tree / 'out').chmod(0o500)
    assert keylint(*SCAN, '--output', 'json:out/report').returncode == 2
    assert (tree / 'out' / 'report').read_text() == 'older'


def test_an_older_report_stays_when_the_new_one_breaks_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from keylint.core.errors import SourceError
    from keylint.reporters.outputs import Output, write

    def full(*_: object) -> None:
        raise OSError(28, 'No space left on device')

    target = tmp_path / 'report'
    target.write_text('older')
    monkeypatch.setattr(os, 'replace', full)
    with pytest.raises(SourceError, match='No space left on device'):
        write(Report(), Report(), Config(), [Output('json', str(target))])
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [('report', 'older')]


@pytest.mark.skipif(os.name == 'nt', reason='modes of POSIX')
def test_the_modes_and_links_of_report_files(keylint: Run, tree: Path) -> None:
    (tree / 'kept').write_text('older')
    (tree / 'kept').chmod(0o640)
    (tree / 'link').symlink_to('kept')
    keylint(*SCAN, '--output', 'json:link', '--output', 'csv:/dev/null')
    assert (tree / 'link').is_symlink()
    assert json.loads((tree / 'kept').read_text())['findings']
    assert (tree / 'kept').stat().st_mode & 0o777 == 0o640
    keylint(*SCAN, '--output', 'json:values', '--show-secrets')
    assert (tree / 'values').stat().st_mode & 0o777 == 0o600
    assert Path('/dev/null').is_char_device()


# Paths


def test_ci_formats_name_files_from_the_root_of_the_repository(
    keylint: Run, repository: Repository, tmp_path: Path
) -> None:
    leak = expand('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', 'rooted')
    repository.write('bots/a b/%20é.env', leak)
    repository.commit()
    expected = 'bots/a b/%20é.env'
    for cwd, what in (
        (repository.folder, '.'),
        (repository.folder / 'bots', '.'),
        (repository.folder, str(repository.folder / 'bots')),
        (repository.folder.parent, 'repository'),
        (repository.folder / 'bots', '--staged'),
    ):
        if what == '--staged':
            repository.write('bots/a b/%20é.env', leak + '\n')
            repository.git('add', '-A')
        keylint(
            'scan',
            what,
            '--isolated',
            *(f'--output={name}:{tmp_path / name}' for name in NEW_FORMATS),
            cwd=cwd,
        )
        texts = {name: (tmp_path / name).read_text(encoding='utf-8') for name in NEW_FORMATS}
        place = json.loads(texts['sarif'])['runs'][0]['results'][0]['locations'][0][
            'physicalLocation'
        ]['artifactLocation']
        assert place == {'uri': 'bots/a%20b/%2520%C3%A9.env', 'uriBaseId': 'SRCROOT'}, (cwd, what)
        assert json.loads(texts['gitlab'])['vulnerabilities'][0]['location']['file'] == expected
        assert json.loads(texts['codeclimate'])[0]['location']['path'] == expected
        assert commands(texts['github'])[0][1]['file'] == expected
        assert f'name="{expected}: ' in texts['junit']


@pytest.mark.parametrize(
    ('path', 'root', 'base', 'want'),
    [
        ('a.env', '/r', '/r', 'a.env'),
        ('a.env', '/r', '/r/b', 'b/a.env'),
        ('../a.env', '/r', '/r/b', 'a.env'),
        ('/r/b/a.env', '/r', '/elsewhere', 'b/a.env'),
        ('../s/a.env', '/r', '/r', '/s/a.env'),
        ('/root/a.env', '/r', '/r', '/root/a.env'),
        ('a.env', '/', '/', 'a.env'),
    ],
)
@pytest.mark.skipif(os.name == 'nt', reason='paths of POSIX')
def test_a_path_from_the_root(path: str, root: str, base: str, want: str) -> None:
    assert path_from_root(path, root, base) == want


@pytest.mark.parametrize(
    ('path', 'want'),
    [
        ('a.py', 'a.py'),
        ('c:/x?y#z', 'c%3A/x%3Fy%23z'),
        ('x\udcff\n', 'x%FF%0A'),
        ('/abs/a b', 'file:///abs/a%20b'),
        ('javascript:alert(1)', 'javascript%3Aalert%281%29'),
    ],
)
def test_a_uri(path: str, want: str) -> None:
    assert uri(path) == want


# What readers of SARIF document


def sarif(report: Report) -> Any:
    run = json.loads(written('sarif', report))['runs'][0]
    return run


def test_sarif_keeps_what_code_scanning_documents(keylint: Run, tree: Path) -> None:
    run = json.loads(keylint(*SCAN, '--format', 'sarif').stdout)['runs'][0]
    rules = run['tool']['driver']['rules']
    assert len({rule['id'] for rule in rules}) == len(rules)
    for rule in rules:
        assert rule['help']['markdown'].startswith(f'# {rule["id"].partition("/")[0]}\n')
        assert '## What to do' in rule['help']['markdown']
        assert {
            len(rule['shortDescription']['text']) <= 1024,
            len(rule['fullDescription']['text']) <= 1024,
        } == {True}
        assert len(rule['name']) <= 255
        assert 'security' in rule['properties']['tags']
        assert len(rule['properties']['tags']) <= 10
        assert isinstance(rule['properties'].get('security-severity', ''), str)
    bands = {'critical': (9.0, 10), 'high': (7.0, 8.9), 'medium': (4.0, 6.9), 'low': (0.1, 3.9)}
    for result in run['results']:
        rule = rules[result['ruleIndex']]
        assert rule['id'] == result['ruleId']
        low, high = bands[result['properties']['severity']]
        assert low <= float(rule['properties']['security-severity']) <= high, result['ruleId']
        assert result['level'] == rule['defaultConfiguration']['level']
        assert len(result['locations']) == 1
        assert list(result['partialFingerprints']) == [
            'keylint/v1'
        ]  # the name of GitHub's own is left to its upload action
    suppressed = [result for result in run['results'] if 'suppressions' in result]
    assert [result['suppressions'] for result in suppressed] == [
        [{'kind': 'inSource', 'status': 'accepted', 'justification': 'an account without money'}]
    ]


def test_sarif_of_a_known_finding() -> None:
    report = Report()
    report.findings = [finding(state='known', reason='rotated [x](y)')]
    assert sarif(report)['results'][0]['suppressions'] == [
        {'kind': 'external', 'status': 'accepted', 'justification': 'rotated [x](y)'}
    ]


def test_sarif_parts_flows_and_notebook_lines(keylint: Run, tree: Path) -> None:
    results = json.loads(keylint(*SCAN, '--format', 'sarif').stdout)['runs'][0]['results']
    by_rule = {result['ruleId']: result for result in results}
    okx = by_rule['okx-credential']
    assert [
        place['message']['text'].partition(' …')[0].split()[0] for place in okx['relatedLocations']
    ] == ['api', 'secret', 'passphrase']
    assert [place['id'] for place in okx['relatedLocations']] == [1, 2, 3]
    kucoin = by_rule['kucoin-credential']['locations'][0]
    line = kucoin['physicalLocation']['region']['startLine']
    assert 'KUCOIN_KEY' in TREE['research.ipynb'].split('\n')[line - 1]
    assert kucoin['logicalLocations'] == [
        {'fullyQualifiedName': 'cell 1, source line 2', 'kind': 'cell'}
    ]
    flow = by_rule['key-exceeds-code']['codeFlows']
    steps = [
        [place['location']['physicalLocation'] for place in one['threadFlows'][0]['locations']]
        for one in flow
    ]
    assert [place['artifactLocation']['uri'] for place in steps[0]] == ['keys.yaml', 'grid.py']
    lines = {name: text.split('\n') for name, text in TREE.items()}
    proofs = [lines['grid.py'][place['region']['startLine'] - 1] for _, place in steps]
    assert any(line.startswith('kraken.create_order(') for line in proofs)
    assert 'withdraw' in lines['keys.yaml'][steps[0][0]['region']['startLine'] - 1]


def test_proofs_in_a_notebook_stand_on_the_lines_of_the_file(keylint: Run, tmp_path: Path) -> None:
    cells = [
        '%matplotlib inline\nimport ccxt\nimport os',
        "x = 'é'\nk = ccxt.kraken({'apiKey': os.environ['KRAKEN_KEY'], 'secret': os.environ['S']})",
        "'é'; k.create_order('BTC/USD', 'limit', 'buy', 1, 1)",
    ]
    common: dict[str, Any] = {
        'cell_type': 'code',
        'metadata': {},
        'outputs': [],
        'execution_count': None,
    }
    rows = [{**common, 'source': text.splitlines(keepends=True)} for text in cells]
    book = json.dumps(
        {'cells': rows, 'metadata': {}, 'nbformat': 4, 'nbformat_minor': 5},
        indent=1,
        ensure_ascii=False,
    )
    (tmp_path / 'grid.ipynb').write_text(book, encoding='utf-8')
    (tmp_path / 'keys.yaml').write_text(MORE['keys.yaml'])
    report = json.loads(
        keylint('scan', '--isolated', '--format', 'json', '--today', '2026-01-01').stdout
    )
    found = next(one for one in report['findings'] if one['rule'] == 'key-exceeds-code')
    [proof] = found['related']
    line = book.split('\n')[proof['line'] - 1]
    assert line[proof['column'] - 1 :].startswith('k.create_order(')
    assert f'(grid.ipynb:{proof["line"]})' in found['message']


def test_fingerprints_survive_moved_lines(keylint: Run, tree: Path) -> None:
    def names(format_name: str) -> list[str]:
        document = json.loads(keylint(*SCAN, '--format', format_name).stdout)
        if format_name == 'sarif':
            return sorted(
                result['partialFingerprints']['keylint/v1']
                for result in document['runs'][0]['results']
            )
        if format_name == 'codeclimate':
            return sorted(issue['fingerprint'] for issue in document)
        return sorted(one['id'] for one in document['vulnerabilities'])

    before = {name: names(name) for name in ('sarif', 'codeclimate', 'gitlab')}
    for name in ('bot.py', 'conf/.env', 'keys.yaml', 'grid.py'):
        (tree / name).write_text('# moved\n\n' + TREE[name])
    assert {name: names(name) for name in before} == before
    assert all(len(set(found)) == len(found) for name, found in before.items() if name != 'sarif')


def test_one_value_in_two_files_is_two_issues(keylint: Run, tmp_path: Path) -> None:
    for name in ('a.env', 'b.env'):
        (tmp_path / name).write_text(FILES['conf/.env'])
    issues = json.loads(keylint('scan', '--isolated', '--format', 'codeclimate').stdout)
    assert len({issue['fingerprint'] for issue in issues}) == len(issues) >= 4


def test_sarif_leaves_out_what_code_scanning_would_refuse() -> None:
    report = Report()
    report.files = 1
    report.findings = [finding(severity='low', line=number) for number in range(1, 25_002)]
    report.findings.append(finding(severity='critical', line=30_000))
    run = sarif(report)
    assert len(run['results']) == 25_000
    assert run['results'][0]['properties']['severity'] == 'critical'
    [note] = run['invocations'][0]['toolExecutionNotifications']
    assert note['message']['text'].startswith('2 of 25002 findings are left out')


def test_what_was_not_scanned_is_said_in_every_format() -> None:
    report = Report()
    report.files = 1
    report.failures = [Failure('lost.env', 'read', 'Permission denied')]
    for name in FORMATS:
        text = written(name, report)
        assert 'lost.env' in text, name
        assert 'Permission denied' in text, name


def test_junit_fails_from_the_threshold_up() -> None:
    report = Report()
    report.files = 1
    report.findings = [
        finding(severity='low'),
        finding(severity='high'),
        finding(severity='critical', state='suppressed', reason='a test'),
    ]
    root = ElementTree.fromstring(written('junit', report, Config(fail_on='medium')))  # noqa: S314 - our own
    assert [[child.tag for child in case] for case in root.iter('testcase')] == [
        ['system-out'],
        ['system-out'],
        ['failure'],
        ['skipped'],
    ]
    suite = root.find('testsuite')
    assert suite is not None
    assert {name: suite.get(name) for name in ('tests', 'failures', 'errors', 'skipped')} == {
        'tests': '4',
        'failures': '1',
        'errors': '0',
        'skipped': '1',
    }
    assert len({case.get('name') for case in root.iter('testcase')}) == 4


def test_gitlab_names_the_commit_of_the_pipeline(keylint: Run, tree: Path) -> None:
    for given_sha, want in (('c' * 40, 'c' * 40), ('', '0000000'), ('$(rm)', '0000000')):
        document = json.loads(keylint(*SCAN, '--format', 'gitlab', CI_COMMIT_SHA=given_sha).stdout)
        assert {one['location']['commit']['sha'] for one in document['vulnerabilities']} == {want}


# Hostile text


HOSTILE = (
    # agents that read logs
    '\n::error::owned',
    '\r::set-output name=x::y',
    '::add-mask::x',
    ' ::stop-commands::x',
    '##vso[task.setvariable variable=x]y',
    '##[error]x',
    '##teamcity[x]',
    '%0A',
    '%',
    ',',
    ':',
    ',line=1',
    '::',
    # terminals and Unicode
    '\x1b[2J',
    '\x1b]8;;http://x\x07',
    '\x07',
    '\x00',
    '\x08',
    '\x7f',
    '\x85',
    '\u2028',
    '\u2029',
    '\u202e',
    '\u2066',
    '\ufeff',
    '\ufffe',
    '\uffff',
    '\udcff',
    '\U0010ffff',
    '\x1b\\',
    '\r\n',
    'é',
    '中',
    '🔑',
    # XML and HTML
    ']]>',
    '<![CDATA[',
    '<script>alert(1)</script>',
    '</script>',
    '<img src=x onerror=y>',
    '<!--',
    '-->',
    '&',
    '&#x3c;',
    '"',
    "'",
    '" onload="x',
    # Markdown
    '|',
    '\\|',
    '\\',
    '`',
    '```',
    '| a | b |\n|---|---|',
    '[x](javascript:y)',
    '![x](http://y)',
    '[x]: y',
    '@someone',
    'www.example.org',
    'http://example.org',
    '$x$',
    '*x*',
    '_x_',
    '~~x~~',
    '# x',
    '- x',
    '1. x',
    # spreadsheets, templates, nothing
    '=cmd|x',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    ' =1',
    '＝1',
    '{0}',
    '{{',
    '}',
    '; drop',
    '',
)
TEXT = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=8)), max_size=4).map(''.join)
PATHS = TEXT.filter(lambda text: text.strip('\x00') != '').map(
    lambda text: text.replace('\x00', '')
)


def finding(
    text: str = 'x',
    path: str = 'a.py',
    severity: Severity = 'high',
    state: FindingState = 'open',
    reason: str | None = None,
    line: int = 3,
) -> Finding:
    place = SourceRange(line, 2, line, 9)
    return Finding(
        path=path,
        place=place,
        rule='generic-credential',
        severity=severity,
        confidence='high',
        issuer=None,
        claims=(),
        title=text,
        message=text,
        do=(text,),
        parts=(FindingPart('secret', place, text, 'never-printed-value'),),
        fingerprint='0' * 32,
        help_url='https://keylint.readthedocs.io/rules/generic-credential/',
        excerpt=(text,),
        cell=Cell(1, 'source', 2),
        state=state,
        reason=reason,
        related=(RelatedLocation(path, place, text),),
    )


def hostile_report(text: str, path: str) -> Report:
    report = Report()
    report.files = 2
    report.findings = [
        finding(text, path),
        finding(text, path, 'low', 'suppressed', text),
        finding(text, path, 'info', 'known', text),
    ]
    report.findings.append(finding(text, path)._replace(rule='key-exceeds-code', parts=()))
    report.failures = [Failure(path, 'read', text)]
    report.warnings = [ScanWarning(path, 1, text)]
    report.skipped = {text: 1}
    return report


@pytest.mark.parametrize('name', FORMATS)
def test_hostile_text_stays_text(name: str) -> None:
    for text in HOSTILE:
        for path in (text.replace('\x00', '') or 'x', f'a/{text}b'.replace('\x00', '')):
            report = hostile_report(text, path)
            SOUND[name](written(name, report), report)


@pytest.mark.parametrize('name', FORMATS)
@given(text=TEXT, path=PATHS)
@settings(max_examples=50, deadline=None)
def test_any_text_stays_text(name: str, text: str, path: str) -> None:
    report = hostile_report(text, path)
    SOUND[name](written(name, report), report)


@pytest.mark.skipif(os.name == 'nt', reason='names that Windows does not allow')
@pytest.mark.parametrize('name', FORMATS)
def test_hostile_files_on_a_disk(keylint: Run, tmp_path: Path, name: str) -> None:
    leak = expand('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', 'hostile').encode()
    names = [
        b'\n::error::x',
        b'##vso[x]y',
        b'=cmd|x',
        b'\x1b[2J',
        b'\xff\xfe',
        b'<script>alert(1)<',
        b'a|`b`|@c',
        b']]>',
    ]
    for one in names:
        with open(os.path.join(os.fsencode(tmp_path), one + b'.env'), 'wb') as file:
            file.write(leak)
    done = keylint('scan', '--isolated', '--format', name)
    assert done.returncode == 1, done.stderr
    report = Report()
    report.files = len(names)
    report.findings = [finding('x', 'x', 'critical') for _ in names]
    SOUND[name](done.stdout, report)


def no_steering(text: str, ends: str = '\n') -> None:
    """Nothing that a terminal or a log's reader would obey."""
    assert not [char for char in text if not char.isprintable() and char not in ends]
    assert not re.search(r'##(?:\w*)\[', text)
    assert 'never-printed-value' not in text


def sound_text(text: str, report: Report) -> None:
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
    """What GitHub's runner makes of a log: the command, its properties, the message."""
    found = []
    for line in re.split(r'\r\n|\r|\n', text.removesuffix('\n')) if text else []:
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
        assert found[0][1]['file'] == clean(shown[0].path)


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
    'lang charset name content http-equiv class href colspan scope data-key data-severity data-state hidden type value id'.split()
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
    assert all(
        address and address.startswith('https://keylint.readthedocs.io/rules/')
        for address in addresses
    )
    for one in report.findings:
        assert one.path == 'x' or clean(one.path) in ''.join(page.text)


SOUND: dict[str, Callable[[str, Report], None]] = {
    'text': sound_text,
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


def test_the_page_allows_its_own_script_and_style_only() -> None:
    import base64
    import hashlib

    text = written('html', hostile_report('x', 'y'))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    for tag in ('script', 'style'):
        inner = re.search(rf'<{tag}>(.*?)</{tag}>', text, re.DOTALL)
        assert inner is not None
        digest = base64.b64encode(hashlib.sha256(inner[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy[1]
    assert policy[1].startswith("default-src 'none'; ")
    assert not re.search(r'(?i)(?:src|url)\s*[=(]\s*["\']?http', text)

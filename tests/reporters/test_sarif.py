"""Check SARIF against what GitHub code scanning and its viewers document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from keylint.core.report import Report
from keylint.reporters.sarif import encode_uri
from tests.conftest import Run
from tests.reporters.bots import MORE, SCAN, TREE
from tests.reporters.hostile import finding
from tests.reporters.sound import written

pytestmark = pytest.mark.slow


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
    ] == ['API', 'secret', 'passphrase']
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
        "x = 'é'\nk = ccxt.kraken({'apiKey': os.environ['KRAKEN_KEY'], "
        "'secret': os.environ['KRAKEN_SECRET']})",
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
    assert encode_uri(path) == want

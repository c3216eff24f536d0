"""What the reports of a store say: shared keys, the order of revoking, tables, differences."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from sqlalchemy import insert

from keylint.core.model import Finding, FindingPart, SourceRange
from keylint.core.report import Failure
from keylint.fleet.codec import pack
from keylint.fleet.compare_runs import Sighting, classify_change
from keylint.fleet.credentials import (
    StoredCredential,
    StoredFinding,
    group_findings,
    sort_for_revocation,
)
from keylint.fleet.database import Store, open_store
from keylint.fleet.report_html import write_table_html
from keylint.fleet.report_rows import FleetTable
from keylint.fleet.results import save_answer
from keylint.fleet.runs import begin_run, end_run, register_targets
from keylint.fleet.schema import keys
from keylint.fleet.targets import FleetTarget
from keylint.fleet.units import FoundSecret, UnitAnswer
from keylint.policies.key_table import KeyRow
from tests.conftest import Run

PLACE = SourceRange(3, 1, 3, 9)


def make_secret(
    name: str, *, digests: str = '', path: str = 'bot.env', **columns: Any
) -> FoundSecret:
    """Make a finding for the store; each letter of `digests` is a value, the first one leads."""
    finding = Finding(
        path, PLACE, 'binance-credential', 'critical', 'high', 'binance', (), 'Binance credential',
        'message', ('delete the key', 'make a new one'),
        (FindingPart('secret', PLACE, 'ab… (64)'),), name, 'https://example.org',
    )  # fmt: skip
    found = FoundSecret(
        name, finding.rule, 'binance', 'critical', 'live', 'open', True, True, False,
        '2023-04-02T08:00:00+00:00', tuple(one.encode() * 16 for one in digests or name[:1]),
        pack(finding),
    )  # fmt: skip
    inner = {key: value for key, value in columns.items() if key in Finding._fields}
    outer = {key: value for key, value in columns.items() if key in FoundSecret._fields}
    return found._replace(data=pack(finding._replace(**inner)), **outer)


class Fleet:
    """A store in which runs have found what a test says."""

    def __init__(self, folder: Path) -> None:
        self.store: Store = open_store(str(folder / 'fleet.db'), is_new=True)
        self.targets = [
            FleetTarget('alpha', '/srv/alpha', 'desk'),
            FleetTarget('beta', '/srv/beta', 'desk'),
            FleetTarget('gamma', '/srv/gamma', 'risk'),
            FleetTarget('delta', '/srv/delta'),
        ]

    def run(self, *answers: UnitAnswer, status: str = 'complete') -> None:
        with self.store.begin() as connection:
            run = begin_run(connection, b's', '2026-01-31T10:00:00+00:00')
        register_targets(self.store, run.id, self.targets)
        said = {answer.repository for answer in answers}
        every = range(1, len(self.targets) + 1)
        rest = [UnitAnswer('done', number) for number in every if number not in said]
        for answer in (*answers, *rest):
            with self.store.begin() as connection:
                save_answer(connection, run.id, answer)
        with self.store.begin() as connection:
            end_run(connection, run.id, status, '')


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    fleet = Fleet(tmp_path)
    yield fleet
    fleet.store.close()


def test_the_same_key_in_many_repositories_is_one_item(fleet: Fleet, keylint: Run) -> None:
    fleet.run(
        UnitAnswer('done', 1, found=(make_secret('a1', digests='ak'),)),
        UnitAnswer('done', 2, found=(make_secret('a2', digests='ak', in_head=False),)),
        UnitAnswer(
            'done', 3, found=(make_secret('k', digests='k', first_seen='2022-01-01T00:00:00Z'),)
        ),
        UnitAnswer('done', 4, found=(make_secret('b'),)),
    )
    done = keylint('fleet', 'report')
    assert done.returncode == 1
    assert done.stdout.startswith(
        '2 credentials. Run 1 of 2026-01-31, 4 repositories, all of them looked at.\n'
    )
    assert '1. critical  Binance credential  616161616161\n' in done.stdout
    assert 'in 3 repositories of 2 teams, first seen 2022-01-01, still in 2 heads\n' in done.stdout
    assert 'alpha: bot.env:3' in done.stdout
    assert 'revoke: delete the key' in done.stdout
    rows = json.loads(keylint('fleet', 'report', '--format', 'json').stdout)['rows']
    assert rows[0]['repositories'] == ['alpha', 'beta', 'gamma']
    assert len(rows[0]['places']) == 3


@pytest.mark.parametrize(
    ('digests', 'expected'),
    [
        (['ab', 'ac', 'b', 'c', 'd'], [[0, 1, 2, 3], [4]]),
        (['ab', 'bc'], [[0], [1]]),
        (['abc', 'b', 'bc', 'cd'], [[0, 2, 1], [3]]),
        (['a', 'a', 'b'], [[0, 1], [2]]),
        ([], []),
    ],
)
def test_findings_that_share_values_are_joined(
    digests: list[str], expected: list[list[int]]
) -> None:
    rows = {number: [one.encode() for one in text] for number, text in enumerate(digests)}
    leads = {number: values[0] for number, values in rows.items()}
    found = group_findings(rows, leads)
    assert sorted(map(sorted, found)) == sorted(map(sorted, expected))


def test_the_order_in_which_to_revoke() -> None:
    first = StoredFinding(
        1, 1, 'a', 't', 'r', 'i', 'critical', 'live', 'open', True, True, True, '2023'
    )
    worse_to_better = [
        first,
        first._replace(first_seen='2024'),
        first._replace(in_head=False),
        first._replace(on_remote=False),
        first._replace(environment='unknown'),
        first._replace(environment='testnet', severity='critical'),
        first._replace(severity='high'),
        first._replace(state='known'),
    ]
    found = [StoredCredential(str(n), (one,)) for n, one in enumerate(worse_to_better)]
    assert sort_for_revocation(reversed(found)) == found
    many = StoredCredential('x', (first, first._replace(id=2, repository_id=2, repository='b')))
    assert sort_for_revocation([found[0], many]) == [many, found[0]]


def test_tables_by_exchange_team_and_repository(fleet: Fleet, keylint: Run) -> None:
    fleet.run(
        UnitAnswer(
            'done', 1, found=(make_secret('a'), make_secret('b', issuer='okx', severity='low'))
        ),
        UnitAnswer('done', 3, found=(make_secret('a3', digests='a'),)),
        UnitAnswer('done', 4, found=(make_secret('c', issuer=''),)),
    )
    expected = {
        'exchange': ['(unknown issuer)', 'binance', 'okx'],
        'team': ['desk', '(no team)', 'risk'],
        'repository': ['alpha', 'delta', 'gamma'],
    }
    for kind, names in expected.items():
        done = keylint('fleet', 'report', '--by', kind, '--format', 'csv', '--exit-zero')
        rows = list(csv.DictReader(StringIO(done.stdout)))
        assert [row[kind] for row in rows] == names
        assert done.returncode == 0
    rows = list(csv.DictReader(StringIO(done.stdout)))
    assert rows[0]['credentials'] == '2'
    assert rows[0]['with'] == 'shared with 1 more'
    text = keylint('fleet', 'report', '--by', 'team').stdout
    assert 'desk' in text
    only = keylint('fleet', 'report', '--team', 'risk').stdout
    assert '1 credential.' in only
    wrong = keylint('fleet', 'report', '--team', 'rsik')
    assert (wrong.returncode, wrong.stderr.count('\n')) == (2, 1)


def test_what_is_accepted_is_shown_on_demand(fleet: Fleet, keylint: Run) -> None:
    fleet.run(UnitAnswer('done', 1, found=(make_secret('a', state='known', is_counted=False),)))
    assert keylint('fleet', 'report').returncode == 0
    assert '(known)' in keylint('fleet', 'report', '--all').stdout


def test_what_was_not_looked_at_is_never_clean(fleet: Fleet, keylint: Run) -> None:
    fleet.run(
        UnitAnswer('failed', 1, failures=(Failure('', 'scan', 'took longer than 5 s'),)),
        UnitAnswer('done', 2, failures=(Failure('x.zip', 'read', 'damaged'),)),
    )
    for arguments in (('report',), ('report', '--by', 'team', '--format', 'csv'), ('keys',)):
        done = keylint('fleet', *arguments)
        assert done.returncode == 2
        assert 'alpha: took longer than 5 s' in done.stderr
        assert 'beta: x.zip: damaged' in done.stderr
    assert '1 could not be looked at, 1 only in part' in keylint('fleet', 'report').stdout


def test_a_report_of_an_unfinished_run_says_so(fleet: Fleet, keylint: Run) -> None:
    with fleet.store.begin() as connection:
        run = begin_run(connection, b's', '2026-01-31T10:00:00+00:00')
    assert keylint('fleet', 'report').returncode == 2
    register_targets(fleet.store, run.id, fleet.targets)
    done = keylint('fleet', 'report')
    assert done.returncode == 2
    assert '4 repositories not scanned yet' in done.stderr
    assert '0 credentials. Run 1 of 2026-01-31, 4 repositories: 4 not yet.' in done.stdout


def test_repositories_of_earlier_runs_are_told(fleet: Fleet, keylint: Run) -> None:
    every = fleet.targets
    fleet.run(
        UnitAnswer('done', 1, found=(make_secret('a'),)),
        UnitAnswer('failed', 2, failures=(Failure('', 'scan', 'gone'),)),
    )
    fleet.targets = every[3:]
    fleet.run(UnitAnswer('done', 4))
    done = keylint('fleet', 'report')
    assert 'Run 2 of 2026-01-31, 1 repository, all of them looked at. ' in done.stdout
    assert '3 more of earlier runs, 1 could not be looked at.\n' in done.stdout
    about = json.loads(keylint('fleet', 'report', '--format', 'json').stdout)
    assert (about['earlier'], about['earlier_failed']) == (3, 1)
    done = keylint('fleet', 'diff', '1', '2')
    assert done.stdout == 'run 1 to run 2: 0 new, 0 back, 0 accepted, 0 gone\n'
    assert 'run 2 is not about 3 repositories of run 1' in done.stderr
    fleet.targets = every
    fleet.run()
    assert 'earlier' not in keylint('fleet', 'report').stdout


def test_sarif_of_each_repository_is_that_of_its_scan(
    fleet: Fleet, keylint: Run, tmp_path: Path
) -> None:
    fleet.run(
        UnitAnswer('done', 1, found=(make_secret('a'),)),
        UnitAnswer('failed', 2, failures=(Failure('', 'scan', 'gone'),)),
    )
    assert keylint('fleet', 'report', '--format', 'sarif').returncode == 2
    done = keylint('fleet', 'report', '--format', 'sarif', '--output', 'out', '--exit-zero')
    assert done.stdout == '2 files in out\n'
    assert sorted(path.name for path in (tmp_path / 'out').iterdir()) == [
        '1-alpha.sarif',
        '2-beta.sarif',
    ]
    [run] = json.loads((tmp_path / 'out' / '1-alpha.sarif').read_text())['runs']
    assert run['results'][0]['ruleId'].startswith('binance-credential')
    [run] = json.loads((tmp_path / 'out' / '2-beta.sarif').read_text())['runs']
    assert not run['invocations'][0]['executionSuccessful']


def test_the_difference_of_two_runs(fleet: Fleet, keylint: Run) -> None:
    fleet.run(
        UnitAnswer('done', 1, found=(make_secret('a'), make_secret('b'))),
        UnitAnswer('done', 2, found=(make_secret('c'),)),
    )
    fleet.run(UnitAnswer('done', 1, found=(make_secret('a'), make_secret('d', path='new.env'))))
    fleet.run(
        UnitAnswer('done', 1, found=(make_secret('a', state='known'), make_secret('b'))),
        UnitAnswer('failed', 2, failures=(Failure('', 'scan', 'gone'),)),
    )
    done = keylint('fleet', 'diff', '1', '2')
    assert done.returncode == 1
    assert done.stdout.startswith('run 1 to run 2: 1 new, 0 back, 0 accepted, 2 gone\n')
    assert 'new.env:3' in done.stdout
    done = keylint('fleet', 'diff', '2', 'last', '--format', 'json')
    assert done.returncode == 2
    found = json.loads(done.stdout)
    assert [(row['change'], row['repository']) for row in found['rows']] == [
        ('back', 'alpha'),
        ('accepted', 'alpha'),
        ('gone', 'alpha'),
    ]
    assert found['unseen'] == 1
    for wrong in (('2', '1'), ('1', '1'), ('1', '9'), ('x', '2')):
        done = keylint('fleet', 'diff', *wrong)
        assert (done.returncode, done.stderr.count('\n')) == (2, 1)


@pytest.mark.parametrize(
    ('seen', 'expected'),
    [
        ([(1, None, 'open')], None),
        ([(2, None, 'open')], 'new'),
        ([(2, 3, 'open')], None),
        ([(1, 2, 'open')], 'gone'),
        ([(1, 2, 'open'), (3, None, 'open')], None),
        ([(1, 2, 'open'), (2, None, 'known')], 'accepted'),
        ([(1, None, 'known')], None),
        ([(1, 3, 'known'), (3, None, 'open')], 'new'),
    ],
)
def test_what_becomes_of_a_finding(
    seen: list[tuple[int, int | None, str]], expected: str | None
) -> None:
    assert classify_change([Sighting(*one) for one in seen], 1, 3) == expected


def test_back_is_what_an_earlier_run_had() -> None:
    seen = [Sighting(1, 2, 'open'), Sighting(3, None, 'open')]
    assert classify_change(seen, 2, 3) == 'back'


def test_keys_over_all_repositories(fleet: Fleet, keylint: Run) -> None:
    fleet.run(
        UnitAnswer('done', 1, found=(make_secret('a', digests='a'),)),
        UnitAnswer('done', 3, found=(make_secret('a3', digests='a'),)),
    )
    row = KeyRow(
        'binance', 'grid', 'live', 'inventory', ('read', 'withdraw'), ('read',), (), True,
        'listed', 3, 'high', 'keys.yaml:1', ('withdraw',),
    )  # fmt: skip
    bare = row._replace(label='', declared=None, exchange='okx', excess=(), is_exact=False)
    with fleet.store.begin() as connection:
        for repository, number, one in ((1, 0, row), (2, 0, row), (3, 0, bare)):
            values = {'repository_id': repository, 'number': number, 'data': pack(one)}
            connection.execute(insert(keys).values(**values))
    found = json.loads(keylint('fleet', 'keys', '--format', 'json').stdout)
    assert [(one['label'], one['repositories'], one['could_lose']) for one in found['key']] == [
        ('grid', 2, 'withdraw'),
        ('', 1, ''),
    ]
    assert found['key'][1]['needed'] == 'at least read'
    assert [one['where'] for one in found['shared']] == ['alpha; gamma']
    teams = {(one['team'], one['exchange']): one for one in found['team']}
    assert teams['desk', 'binance']['declared'] == 2
    assert teams['risk', 'okx']['undeclared'] == 1
    assert teams['risk', 'binance']['leaked'] == 1
    assert keylint('fleet', 'keys').stdout.count(':\n\n') == 3
    assert 'grid' in keylint('fleet', 'keys', '--format', 'csv').stdout


HOSTILE = '</script><img src=x onerror=alert(1)>\x1b[2J=cmd|x ##vso[x] <!--'


def test_hostile_names_stay_text_everywhere(fleet: Fleet, keylint: Run) -> None:
    fleet.targets = [FleetTarget(f'=1+{HOSTILE}', '/srv/a', HOSTILE)]
    fleet.run(
        UnitAnswer('done', 1, found=(make_secret('a', path=HOSTILE, title=HOSTILE, do=(HOSTILE,)),))
    )
    for kind in ('text', 'json', 'csv', 'html'):
        for by in ('credential', 'team', 'repository'):
            done = keylint('fleet', 'report', '--by', by, '--format', kind, '--exit-zero')
            assert done.returncode == 0
            assert '\x1b' not in done.stdout
            assert '##vso' not in done.stdout
            if kind == 'html':
                assert '<img' not in done.stdout
                assert done.stdout.count('</script>') == 2
                assert '<!--' not in done.stdout
            if kind == 'csv':
                rows = list(csv.reader(StringIO(done.stdout)))
                assert not [cell for row in rows for cell in row if cell.startswith('=')]
    assert '\x1b' not in keylint('fleet', 'keys').stdout


def test_a_page_of_20000_rows_has_few_elements() -> None:
    rows: list[tuple[str | int, ...]] = [
        (number, f'name {number}', 'critical') for number in range(20_000)
    ]
    page = write_table_html(FleetTable('credential', ('order', 'name', 'severity'), rows), 'About.')
    assert page.count('<tr>') == 101
    assert len(page) < 1_200_000
    assert "default-src 'none'" in page
    text = re.search(r'<script id="rows" type="application/json">(.*?)</script>', page)
    assert text
    data = json.loads(text[1])
    assert data['rows'][19_999] == [19_999, 'name 19999', 'critical']
    assert 'The first 100 rows; JavaScript shows the other 19900.' in page


def test_sarif_of_a_fleet_is_sarif(fleet: Fleet, keylint: Run, tmp_path: Path) -> None:
    schema = Path(__file__).parent.parent / 'schemas'
    names = [path for path in schema.iterdir() if 'sarif' in path.name]
    assert names
    fleet.run(UnitAnswer('done', 1, found=(make_secret('a'),)))
    keylint('fleet', 'report', '--format', 'sarif', '--output', 'out')
    document = json.loads((tmp_path / 'out' / '1-alpha.sarif').read_text())
    jsonschema.validate(document, json.loads(names[0].read_text()))

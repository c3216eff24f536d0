"""Entries of a baseline: names, matching, renames, updates, notes; each rule on both sides."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keylint.baseline.carry import match_claims
from keylint.baseline.entries import Baseline, Entry, check_verdict
from keylint.baseline.file import read_baseline, render_baseline
from keylint.baseline.finding_lines import list_line_numbers
from keylint.baseline.match import BaselineScope, MatchedFindings, list_notes, match_findings
from keylint.baseline.peers import KnownEntry, digest_sha1, parse_foreign
from keylint.baseline.update import add_history_entries, update_entries
from keylint.core.errors import ConfigError
from keylint.core.model import Finding, FindingPart, SourceRange
from keylint.rules.recipes import expand_recipes

TODAY = '2026-06-01'
SALT = b'0123456789abcdef'
VALUE = expand_recipes('{alnum:32}', 'entries')


def find(path: str = 'a.py', fingerprint: str = 'f' * 32, **fields: Any) -> Finding:
    part = FindingPart('secret', SourceRange(3, 1, 3, 9), '…', value=VALUE)
    found = Finding(
        *(path, part.place, 'okx-credential', 'high', 'high', 'okx', (), 't', 'm', ()),
        *((part,), fingerprint, ''),
    )
    return found._replace(**fields)


STRONG, OTHER = find(), find(fingerprint='e' * 32)
WEAK = find(local='password')


def keep(*findings: Finding, **fields: Any) -> Baseline:
    """Return a baseline that knows the findings."""
    baseline = Baseline('b.json', SALT, {})
    for finding in findings:
        name = baseline.id_of(finding, finding.path)
        entry = Entry(name, finding.rule, finding.path, baseline.local_of(finding))
        baseline.entries[name] = entry._replace(**fields)
    return baseline


def make_scope(
    is_scanned: Callable[[Entry], bool] = lambda entry: True, gone: str = ''
) -> BaselineScope:
    return BaselineScope(lambda path: path, is_scanned, lambda path: path == gone)


def match(
    baseline: Baseline, *findings: Finding, scope: BaselineScope | None = None, strict: bool = False
) -> MatchedFindings:
    return match_findings(baseline, findings, scope or make_scope(), TODAY, strict)


def states(found: MatchedFindings) -> list[str]:
    return [finding.state for finding in found.findings]


def test_names_of_values_follow_them_and_names_of_places_do_not() -> None:
    baseline = keep()
    assert baseline.id_of(STRONG, 'a.py') == baseline.id_of(STRONG, 'b.py')
    assert baseline.id_of(STRONG, 'a.py') == baseline.id_of_value(STRONG.fingerprint)
    assert baseline.id_of(WEAK, 'a.py') != baseline.id_of(WEAK, 'b.py')
    assert baseline.id_of(WEAK, 'a.py') != baseline.id_of(WEAK._replace(local='other'), 'a.py')
    assert baseline.id_of(WEAK, 'a.py') != baseline.id_of(WEAK._replace(rule='x'), 'a.py')
    assert baseline.local_of(WEAK) == baseline.local_of(WEAK._replace(path='b.py')) != ''
    assert baseline.local_of(WEAK) != baseline.local_of(WEAK._replace(rule='x'))
    assert baseline.local_of(STRONG) == ''
    assert baseline.id_of(STRONG, '') != Baseline('', SALT[::-1], {}).id_of(STRONG, '')


def test_what_is_known() -> None:
    found = match(keep(STRONG), STRONG, OTHER)
    assert states(found) == ['known', 'open']
    assert (list(found.met.values()), found.stale, found.moved) == ([1], (), {})
    assert found.ids[0] in found.met
    assert found.ids[1] not in found.met


def test_a_value_is_known_as_often_as_it_stands_there_and_a_place_as_often_as_it_did() -> None:
    assert states(match(keep(STRONG), STRONG, STRONG)) == ['known', 'known']
    assert states(match(keep(WEAK), WEAK, WEAK)) == ['known', 'open']
    assert states(match(keep(WEAK, times=2), WEAK, WEAK, WEAK)) == ['known', 'known', 'open']


def test_a_suppressed_finding_stays_suppressed_and_keeps_its_entry() -> None:
    found = match(keep(STRONG), STRONG._replace(state='suppressed', reason='x'))
    assert (states(found), found.findings[0].reason, found.stale) == (['suppressed'], 'x', ())


@pytest.mark.parametrize(
    ('fields', 'reason', 'is_open'),
    [
        ({}, 'unreviewed', True),
        ({'verdict': 'accepted'}, 'accepted', False),
        ({'verdict': 'accepted', 'reason': 'a test'}, 'accepted: a test', False),
        ({'verdict': 'accepted', 'until': TODAY}, 'accepted', False),
        ({'verdict': 'accepted', 'until': '2026-05-31'}, 'accepted, expired on 2026-05-31', True),
    ],
)
def test_verdicts(fields: dict[str, str], reason: str, is_open: bool) -> None:
    baseline = keep(STRONG, **fields)
    (found,) = match(baseline, STRONG).findings
    assert (found.state, found.reason) == ('known', reason)
    (strict,) = match(baseline, STRONG, strict=True).findings
    assert strict.state == ('open' if is_open else 'known')
    assert [entry.is_open(TODAY) for entry in baseline.entries.values()] == [is_open]


def test_entries_of_nothing_are_stale_where_the_run_has_looked() -> None:
    baseline = keep(STRONG)
    assert [entry.id for entry in match(baseline).stale] == list(baseline.entries)
    assert match(baseline, scope=make_scope(lambda entry: False)).stale == ()
    assert match(keep(STRONG, history=True)).stale == ()


@pytest.mark.parametrize(
    ('known', 'seen', 'gone', 'is_moved'),
    [
        pytest.param([WEAK], [WEAK._replace(path='b.py')], 'a.py', True, id='renamed'),
        pytest.param([WEAK], [WEAK._replace(path='b.py')], '', False, id='copied'),
        pytest.param([STRONG], [OTHER._replace(path='b.py')], 'a.py', False, id='a strong value'),
        pytest.param(
            [WEAK], [WEAK._replace(path='b.py', local='x')], 'a.py', False, id='another name'
        ),
        pytest.param(
            [WEAK], [WEAK._replace(path='b.py', state='suppressed')], 'a.py', False, id='accepted'
        ),
        pytest.param(
            [WEAK],
            [WEAK._replace(path='b.py'), WEAK._replace(path='c.py')],
            *('a.py', False),
            id='to one of two places',
        ),
    ],
)
def test_renamed_files(
    known: list[Finding], seen: list[Finding], gone: str, is_moved: bool
) -> None:
    baseline = keep(*known)
    found = match(baseline, *seen, scope=make_scope(gone=gone))
    (name,) = baseline.entries
    assert found.moved == ({name: 'b.py'} if is_moved else {})
    assert ('known' in states(found)) is is_moved
    assert [entry.id for entry in found.stale] == ([] if is_moved else [name])
    assert (found.ids[0] == name) is is_moved


def test_a_renamed_file_keeps_as_many_as_it_had() -> None:
    moved = WEAK._replace(path='b.py')
    found = match(keep(WEAK, times=2), moved, moved, moved, scope=make_scope(gone='a.py'))
    assert states(found) == ['known', 'known', 'open']
    assert list(found.met.values()) == [2]


def test_an_update_keeps_verdicts_drops_what_is_gone_and_adds_what_is_new() -> None:
    third = find(fingerprint='d' * 32)
    baseline = keep(STRONG, OTHER, verdict='accepted')
    names = list(baseline.entries)
    found = match(baseline, STRONG, third, find(fingerprint='c' * 32, state='suppressed'))
    after, added = update_entries(baseline, found, make_scope())
    assert list(after.entries) == [names[0], baseline.id_of(third, 'a.py')]
    assert after.entries[names[0]].verdict == 'accepted'
    assert [(entry.path, entry.verdict, entry.times) for entry in added] == [
        ('a.py', 'unreviewed', 1)
    ]


def test_an_update_counts_places_and_not_values() -> None:
    found = match(keep(), WEAK, WEAK, STRONG, STRONG)
    after, _ = update_entries(keep(), found, make_scope())
    assert sorted(entry.times for entry in after.entries.values()) == [1, 2]


def test_an_update_follows_a_value_and_a_renamed_file() -> None:
    baseline = keep(STRONG)
    copies = [STRONG._replace(path='c.py'), STRONG._replace(path='b.py')]
    after, added = update_entries(baseline, match(baseline, *copies), make_scope())
    assert ([entry.path for entry in after.entries.values()], added) == (['b.py'], [])
    after, _ = update_entries(baseline, match(baseline, *copies, STRONG), make_scope())
    assert [entry.path for entry in after.entries.values()] == ['a.py']
    baseline = keep(WEAK, verdict='accepted')
    moved = WEAK._replace(path='b.py')
    scope = make_scope(gone='a.py')
    after, added = update_entries(baseline, match(baseline, moved, scope=scope), scope)
    (entry,) = after.entries.values()
    assert (entry.id, entry.path) == (baseline.id_of(moved, 'b.py'), 'b.py')
    assert (entry.verdict, added) == ('accepted', [])


def test_what_the_history_holds_and_holds_no_more() -> None:
    baseline = keep(STRONG, history=True)
    baseline.entries.update(keep(WEAK).entries)
    after, added = add_history_entries(baseline, match(baseline, OTHER), make_scope())
    assert [(entry.local != '', entry.history) for entry in after.entries.values()] == [
        (True, False),
        (False, True),
    ]
    assert [entry.id for entry in added] == [baseline.id_of(OTHER, 'a.py')]
    after, added = add_history_entries(baseline, match(baseline, STRONG), make_scope())
    assert (len(after.entries), added) == (2, [])
    hidden = match(keep(), STRONG._replace(state='suppressed'))
    assert add_history_entries(keep(), hidden, make_scope())[1] == []


def test_what_is_in_the_tree_again_is_no_longer_of_the_history() -> None:
    baseline = keep(STRONG, history=True)
    after, _ = update_entries(baseline, match(baseline, STRONG), make_scope())
    assert [entry.history for entry in after.entries.values()] == [False]


@pytest.mark.parametrize(
    ('baseline', 'findings', 'strict', 'words'),
    [
        (keep(STRONG, verdict='accepted'), [STRONG], True, []),
        (keep(STRONG), [STRONG], False, []),
        (keep(STRONG), [STRONG], True, ['1 entry that nobody has reviewed']),
        (keep(STRONG, OTHER), [STRONG, OTHER], True, ['2 entries that nobody has reviewed']),
        (keep(STRONG, OTHER), [], False, ['2 entries that no finding matches']),
        (
            keep(STRONG, verdict='accepted', until='2020-01-01'),
            [STRONG],
            False,
            ['1 entry whose verdict has expired'],
        ),
    ],
)
def test_notes(baseline: Baseline, findings: list[Finding], strict: bool, words: list[str]) -> None:
    notes = list_notes(baseline, match(baseline, *findings), TODAY, strict, 'b.json')
    assert [(note.path, note.line) for note in notes] == [('b.json', 1)] * len(words)
    assert [note.message.startswith(word) for note, word in zip(notes, words, strict=True)] == [
        True
    ] * len(words)


@pytest.mark.parametrize(
    ('verdict', 'until', 'is_good'),
    [
        ('accepted', '', True),
        ('rotated', '2026-12-31', True),
        ('accept', '', False),
        ('accepted', '2026-13-01', False),
        ('accepted', '2026-12-32', False),
        ('accepted', 'tomorrow', False),
    ],
)
def test_verdicts_and_days_in_the_file(
    tmp_path: Path, verdict: str, until: str, is_good: bool
) -> None:
    baseline = keep(STRONG, verdict=verdict, until=until)
    (tmp_path / 'b.json').write_text(render_baseline(baseline))
    path = str(tmp_path / 'b.json')
    if is_good:
        check_verdict(verdict, until, 'here')
        assert read_baseline(path) == baseline._replace(path=path)
    else:
        with pytest.raises(ConfigError, match='here: '):
            check_verdict(verdict, until, 'here')
        with pytest.raises(ConfigError, match='entry 1: '):
            read_baseline(path)


def test_of_two_equal_entries_the_decided_one_counts(tmp_path: Path) -> None:
    path = tmp_path / 'b.json'
    for verdicts in (('accepted', 'unreviewed'), ('unreviewed', 'accepted')):
        rows = [render_baseline(keep(STRONG, verdict=verdict)) for verdict in verdicts]
        entries = [row.partition('[')[2].rpartition(']')[0].strip() for row in rows]
        path.write_text(rows[0].replace(entries[0], ',\n'.join(entries)))
        (entry,) = read_baseline(str(path)).entries.values()
        assert entry.verdict == 'accepted'


def test_lines_of_a_finding() -> None:
    assert list_line_numbers(STRONG) == {3}
    assert list_line_numbers(STRONG._replace(parts=(), place=SourceRange(2, 1, 4, 1))) == {2, 3, 4}


def claim(**fields: Any) -> KnownEntry:
    return KnownEntry('name', 'a.py', 3)._replace(**fields)


@pytest.mark.parametrize(
    ('fields', 'is_found'),
    [
        pytest.param({}, True, id='its line'),
        pytest.param({'line': 4}, False, id='another line'),
        pytest.param({'path': 'b.py'}, False, id='another path'),
        pytest.param({'value': VALUE, 'line': 9}, True, id='its value'),
        pytest.param({'value': VALUE, 'path': 'b.py'}, True, id='its value elsewhere'),
        pytest.param({'value': VALUE[:8]}, True, id='a piece'),
        pytest.param({'value': VALUE[:7]}, False, id='a short piece'),
        pytest.param({'value': f'key={VALUE}'}, True, id='more than it'),
        pytest.param({'digest': digest_sha1(VALUE)}, True, id='its digest'),
        pytest.param({'digest': digest_sha1(VALUE[:20])}, False, id='another digest'),
    ],
)
def test_claims_of_others(fields: dict[str, Any], is_found: bool) -> None:
    (carried,) = match_claims([claim(**fields)], [STRONG], lambda commit, path: None)
    assert carried.findings == ((STRONG,) if is_found else ())
    assert bool(carried.why_not) is not is_found
    assert carried.is_by_line is (is_found and not (fields.get('value') or fields.get('digest')))


def test_a_line_with_two_findings_says_nothing() -> None:
    (carried,) = match_claims([claim()], [STRONG, OTHER], lambda commit, path: None)
    assert (carried.findings, carried.why_not) == ((), 'several findings on that line')


def test_a_claim_on_a_commit_is_looked_for_there() -> None:
    def past(commit: str, path: str) -> list[Finding] | None:
        return {('c1', 'a.py'): [STRONG]}.get((commit, path))

    def carry(**fields: Any) -> tuple[tuple[Finding, ...], str]:
        (carried,) = match_claims([claim(**fields)], [OTHER], past)
        return carried.findings, carried.why_not

    assert carry(commit='c1') == ((STRONG,), '')
    assert carry(commit='c2') == ((), 'the commit is not in this repository')
    assert carry(commit='c1', value='nothing of the kind')[0] == ()


def test_what_a_secrets_baseline_says_of_a_line() -> None:
    digest = digest_sha1(VALUE)
    for fields, line in (({'line_number': 7}, 7), ({}, 0), ({'line_number': None}, 0)):
        row = {'type': 'Secret Keyword', 'hashed_secret': digest, **fields}
        document = json.dumps({'results': {'a\\b.py': [row]}})
        (known,) = parse_foreign('.secrets.baseline', document.encode()).claims
        assert (known.path, known.line, known.digest) == ('a/b.py', line, digest)

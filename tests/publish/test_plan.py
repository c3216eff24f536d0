"""Which steps a plan has, and what stands in each, leak by leak."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from keylint.publish.assess import Leak, LocationContext, Verdict
from keylint.publish.exposures import LOOK, STOP, Exposure
from keylint.publish.plan import PlanAction, PlanStep, Target, is_purged, make_plan
from keylint.rules.load import load_rules
from tests.publish.test_assess import finding, life

BRANCH = life('refs/heads/main')
TARGET = Target('bot', '../plan')
IN_TREE = LocationContext(in_tree=True)


def leak(action: str = 'rotate', seat: LocationContext = IN_TREE, **fields: object) -> Leak:
    return Leak(finding(**fields), Verdict(action, ('why',)), seat)


def plan(
    leaks: Sequence[Leak] = (),
    exposures: Sequence[Exposure] = (),
    missing: Sequence[PlanAction] = (),
) -> dict[str, PlanStep]:
    made = make_plan(leaks, exposures, load_rules().pack.rules, TARGET, missing)
    return {step.title.partition(' ')[0]: step for step in made}


def purge_details(steps: dict[str, PlanStep]) -> list[tuple[str, ...]]:
    return [action.details for action in steps['Purge'].actions]


def test_nothing_to_do_but_publish() -> None:
    steps = plan()
    assert len(steps) == 1
    assert plan([leak('harmless')]).keys() == steps.keys()
    assert plan([leak('accepted')]).keys() == {'Decide', 'Publish'}
    assert plan([], [Exposure('untracked', LOOK, 'a', 'what', 'untracked')]).keys() == steps.keys()


def test_the_order_of_steps() -> None:
    steps = list(plan([leak(life=BRANCH)]))
    assert steps[:2] == ['Revoke', 'Purge']
    assert len(steps) == 4
    assert list(plan([leak()]))[:2] == ['Revoke', 'Purge']
    assert len(plan([leak()])) == 3
    assert next(iter(plan([leak('purge')]))) == 'Purge'


def test_what_is_missing_comes_first_and_nothing_is_published() -> None:
    asked = PlanAction('git fetch', '', ())
    steps = plan([leak()], missing=[asked])
    assert list(steps) == ['Get', 'Revoke', 'Purge']
    assert steps['Get'].actions == (asked,)


def test_keys_on_a_remote_are_revoked_first() -> None:
    leaks = [
        leak(issuer='okx', path='b.py'),
        leak(issuer='kraken', path='c.py'),
        leak('rotate-now', issuer='kraken', path='d.py'),
        leak('purge', issuer='bybit'),
    ]
    actions = plan(leaks)['Revoke'].actions
    assert [action.what.partition(':')[0] for action in actions] == ['Kraken', 'OKX']
    assert '2 credentials, 1 of them now, found in ' in actions[0].what
    assert ' 1 credential, found in ' in actions[1].what
    assert actions[0].what.endswith('found in c.py:1, d.py:1')
    now = plan([leak('rotate-now', issuer='okx')])['Revoke'].actions
    assert '1 credential, now, found in' in now[0].what


@pytest.mark.parametrize(
    ('one', 'is_named'),
    [
        pytest.param(leak(), True, id='in the work tree'),
        pytest.param(
            leak(seat=LocationContext(in_tree=True, is_untracked=True)), False, id='untracked'
        ),
        pytest.param(leak(seat=LocationContext(), life=BRANCH), False, id='in the past alone'),
        pytest.param(
            leak(seat=LocationContext(), life=BRANCH._replace(in_head=True)), True, id='in HEAD'
        ),
    ],
)
def test_files_that_are_to_be_mended(one: Leak, is_named: bool) -> None:
    mended = ('bot.py: read it from the environment instead',)
    assert (mended in purge_details(plan([one]))) is is_named


def test_settings_and_files_that_must_stay_at_home() -> None:
    loose = Exposure('env', STOP, '.env', 'values', 'untracked')
    setting = Exposure('git-config', STOP, '.git/config', 'a token', 'git')
    assert purge_details(plan([], [loose])) == [('.env',)]
    assert purge_details(plan([], [setting])) == [('.git/config: a token',)]
    assert purge_details(plan([], [loose, setting, setting])) == [
        ('.env',),
        ('.git/config: a token',),
    ]
    for calm in (loose._replace(level=LOOK), setting._replace(level=LOOK)):
        assert 'Purge' not in plan([], [calm])


def test_the_history_is_rewritten_where_it_holds_something() -> None:
    def commands(leaks: Sequence[Leak], exposures: Sequence[Exposure] = ()) -> list[str]:
        actions = plan(leaks, exposures)['Purge'].actions
        listed = [command for action in actions for command in action.commands]
        return [command for command in listed if not command.startswith('keylint fix')]

    fix = plan([leak()])['Purge'].actions[0].commands
    assert fix == ('keylint fix --dry-run bot',), 'what takes the values out of the files'
    assert commands([leak()]) == []
    wanted = ['keylint publish bot --plan ../plan', 'sh ../plan/purge.sh']
    assert commands([leak(life=BRANCH)]) == wanted
    for seat, is_dropped in (('tracked', True), ('history', True), ('untracked', False)):
        database = Exposure('database', STOP, 'a.db', 'rows', seat)
        assert commands([], [database]) == (wanted if is_dropped else [])


def test_what_is_harmless_goes_as_well_unless_it_is_kept() -> None:
    assert [
        action
        for action in ('rotate-now', 'rotate', 'purge', 'accepted', 'harmless')
        if is_purged(leak(action), False)
    ] == [*('rotate-now', 'rotate', 'purge', 'harmless')]
    assert not is_purged(leak('harmless'), True)
    assert is_purged(leak('purge'), True)

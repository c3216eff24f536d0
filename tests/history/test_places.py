"""A marked secret in each place where git keeps bytes is found and told of rightly."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.hiding import Life, build, secret
from tests.history.reports import HISTORY, Hidden, one

pytestmark = pytest.mark.slow


# The hiding places


def test_twenty_places_and_more(hidden: Hidden) -> None:
    assert len(hidden.places) > 30
    assert len(hidden.report['findings']) == len(hidden.places)
    assert hidden.report['failures'] == []


def test_nothing_is_written(hidden: Hidden) -> None:
    assert hidden.before == hidden.after


def test_no_value_is_printed_unless_asked_for(hidden: Hidden, keylint: Run) -> None:
    for name in ('text', 'json', 'sarif', 'html'):
        done = keylint(*HISTORY, str(hidden.folder / 'bot'), '--format', name)
        assert done.returncode == 1
        assert [
            place for place in hidden.places if secret(place)[:20] in done.stdout + done.stderr
        ] == []


def expected() -> dict[str, Life]:
    with tempfile.TemporaryDirectory() as folder:
        return build(Path(folder))


@pytest.mark.parametrize('place', list(expected()))
def test_each_place(hidden: Hidden, place: str) -> None:
    finding = one(hidden.report, secret(place))
    life, want = finding['history'], hidden.places[place]
    assert (
        set(want.refs) <= set(life['refs'])
        if want.refs and want.refs[0] == 'HEAD'
        else life['refs'] == sorted(want.refs)
    )
    assert want.others is None or life['others'] == list(want.others)
    assert life['reachable'] is bool(want.refs)
    assert life['in_head'] is want.in_head
    assert life['on_remote'] is want.on_remote
    assert want.commits is None or life['commits'] == want.commits
    assert want.paths is None or life['paths'] == list(want.paths)
    assert (life['first'] is None) == (life['last'] is None) == (want.commits == 0)
    assert (finding['commit'] is None) == (want.commits == 0)


def test_a_commit_names_itself_and_its_days(hidden: Hidden) -> None:
    git = ('git', '-C', str(hidden.folder / 'bot'))
    for place, days in (
        ('root commit', ('2021-01-02', '2021-01-02')),
        ('packed, removed', ('2021-01-03', '2021-01-04')),
    ):
        finding = one(hidden.report, secret(place))
        life = finding['history']
        assert tuple(life[end]['authored'][:10] for end in ('first', 'last')) == days
        assert life['first']['authored'].endswith('T12:00:00+02:00')
        assert life['first']['committed'].endswith('T10:00:00+00:00')
        shown = subprocess.run(
            [*git, 'show', f'{finding["commit"]}:{finding["path"]}'],
            capture_output=True,
            check=True,
        ).stdout.decode()
        assert secret(place) in shown.split('\n')[finding['line'] :][0]


def test_removed_by_amend_case_12(hidden: Hidden) -> None:
    """Removed by amend, only in a reflog, dangling, in a tag's message, in a merge.

    Found, with what keeps it.
    """
    by_place = {place: one(hidden.report, secret(place))['history'] for place in hidden.places}
    assert [place for place, life in by_place.items() if 'unreachable' in life['others']] == [
        'alternate',
        'unreachable commit',
        'dangling blob',
    ]
    assert not by_place['amended away']['reachable']
    assert by_place['tag message']['refs'] == ['refs/tags/v1']
    assert by_place['merge only']['reachable']
    asked = (*HISTORY, str(hidden.folder / 'bot'), '--format', 'full')
    command = [sys.executable, '-m', 'keylint', *asked]
    text = subprocess.run(
        command, capture_output=True, check=False, env={**os.environ, 'LC_ALL': 'C.UTF-8'}
    ).stdout.decode()
    lives = [
        ' '.join(life.split())
        for life in re.findall(r'      life: (.*?)\n      why:', text, re.DOTALL)
    ]
    assert len(lives) == len(hidden.places)
    assert sum('not reachable from any ref' in life for life in lives) == 6
    assert any(
        'not reachable from any ref, kept by the reflog of HEAD, reflog of refs/heads/main' in life
        for life in lives
    )
    assert any(
        life.endswith('on origin/gone: already public as far as git knows') for life in lives
    )
    assert sum('in the index' in life for life in lives) == 4

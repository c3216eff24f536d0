"""Hold what each place of a leak means for publishing."""

from __future__ import annotations

from typing import Any

import pytest

from keylint.core.claims import Claim, Proof
from keylint.core.model import CommitRef, Finding, FindingPart, Lifetime, SourceRange
from keylint.publish.assess import ACTIONS, LocationContext, assess_leak
from keylint.rules.load import load_rules


def finding(**changes: Any) -> Finding:
    part = FindingPart(changes.pop('role', 'secret'), SourceRange(1, 1, 1, 9), 'abcd…(64)')
    environment = changes.pop('environment', 'live')
    certainty = changes.pop('certainty', 'unknown' if environment == 'unknown' else 'proven')
    proof = Proof('host', 'host testnet.example.org', 0, 4)
    claim = Claim('environment', environment, certainty, proof if certainty != 'unknown' else None)
    base = Finding(
        'bot.py',
        part.place,
        'binance-credential',
        'critical',
        'high',
        'binance',
        (claim,),
        'Binance',
        '',
        (),
        (part,),
        '0',
        '',
    )
    return base._replace(**changes)


def life(*refs: str, others: tuple[str, ...] = (), on_remote: bool = False) -> Lifetime:
    held = CommitRef('0' * 40, '2021-01-01T00:00:00+00:00', '2021-01-01T00:00:00+00:00')
    return Lifetime(held, held, 1, ('bot.py',), refs, others, False, bool(refs), on_remote)


BRANCH = life('refs/heads/main')
PUSHED = life('refs/heads/main', 'refs/remotes/origin/main', on_remote=True)
VERDICTS = [
    pytest.param(
        finding(environment='testnet', life=PUSHED),
        LocationContext(),
        'harmless',
        'test network',
        id='a testnet',
    ),
    pytest.param(
        finding(environment='paper', life=PUSHED),
        LocationContext(),
        'harmless',
        'paper',
        id='a paper account',
    ),
    pytest.param(
        finding(state='suppressed', reason='made up', life=PUSHED),
        LocationContext(),
        'accepted',
        'made up; it is still there',
        id='accepted by its owner',
    ),
    pytest.param(
        finding(state='suppressed', life=PUSHED),
        LocationContext(),
        'rotate-now',
        'origin/main',
        id='accepted without a reason',
    ),
    pytest.param(
        finding(environment='testnet', certainty='likely', life=BRANCH),
        LocationContext(),
        'rotate',
        'likely testnet: host testnet.example.org, line 4: a guess',
        id='perhaps a testnet',
    ),
    pytest.param(
        finding(role='api-key', severity='low', missing=('secret',), life=PUSHED),
        LocationContext(),
        'purge',
        'only the id',
        id='a key id alone',
    ),
    pytest.param(
        finding(
            role='api-key',
            severity='low',
            rule='generic-credential',
            issuer=None,
            environment='unknown',
            life=BRANCH,
        ),
        LocationContext(),
        'rotate',
        'may be whole by itself',
        id='a key that nobody signs for',
    ),
    pytest.param(
        finding(issuer='bittrex', life=PUSHED),
        LocationContext(),
        'purge',
        'closed',
        id='a closed exchange',
    ),
    pytest.param(
        finding(rule='generic-credential', issuer=None, path='tests/a.py', life=PUSHED),
        LocationContext(),
        'purge',
        'made up',
        id='in a test',
    ),
    pytest.param(
        finding(life=life('refs/stash')), LocationContext(), 'purge', 'stash', id='only in a stash'
    ),
    pytest.param(
        finding(life=life(others=('reflog of HEAD',))),
        LocationContext(),
        'purge',
        'reflog',
        id='only in a reflog',
    ),
    pytest.param(
        finding(life=life(others=('unreachable',))),
        LocationContext(),
        'purge',
        'unreachable',
        id='unreachable, without a remote',
    ),
    pytest.param(
        finding(life=life(others=('unreachable',))),
        LocationContext(has_remote=True),
        'rotate',
        'no longer',
        id='unreachable, with a remote',
    ),
    pytest.param(
        finding(), LocationContext(True, True), 'purge', 'does not track', id='in an untracked file'
    ),
    pytest.param(
        finding(), LocationContext(True), 'rotate', 'not committed', id='in the work tree'
    ),
    pytest.param(
        finding(life=BRANCH), LocationContext(), 'rotate', 'no remote has seen it', id='on a branch'
    ),
    pytest.param(
        finding(life=BRANCH, environment='unknown'),
        LocationContext(),
        'rotate',
        'nothing proves',
        id='nothing said of tests',
    ),
    pytest.param(
        finding(life=PUSHED), LocationContext(), 'rotate-now', 'origin/main', id='on a remote'
    ),
    pytest.param(
        finding(life=life('refs/heads/x', on_remote=True)),
        LocationContext(),
        'rotate-now',
        'once',
        id='on a remote once',
    ),
    pytest.param(
        finding(life=life('refs/pull/7/head')),
        LocationContext(),
        'rotate-now',
        'pull request',
        id='in a pull request',
    ),
    pytest.param(
        finding(life=BRANCH),
        LocationContext(has_remote=True, is_mirror=True),
        'rotate-now',
        'copy of a remote',
        id='in a mirror',
    ),
]


@pytest.mark.parametrize(('leak', 'seat', 'action', 'reason'), VERDICTS)
def test_verdicts(leak: Finding, seat: LocationContext, action: str, reason: str) -> None:
    rule = load_rules().pack.rules.get(leak.issuer or '')
    verdict = assess_leak(leak, rule, seat).verdict
    assert (verdict.action, reason in '; '.join(verdict.reasons)) == (action, True), verdict
    assert verdict.action in ACTIONS

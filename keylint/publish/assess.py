"""What a leak means for whoever wants to publish: rotate now, rotate before publishing, purge, or harmless; each with its reasons."""

from __future__ import annotations

from typing import NamedTuple

from keylint.core.model import Finding, Life
from keylint.core.paths import is_test_or_example
from keylint.rules.builtin import GENERIC_RULES
from keylint.rules.types import Rule

# From the most to the least pressing. All but the last stand in the way of publishing.
ACTIONS = ('rotate-now', 'rotate', 'purge', 'harmless')
HARMLESS = ACTIONS[-1]
_UNSIGNED = frozenset((*GENERIC_RULES, 'pem-private-key-credential', 'ed25519-der-credential'))
# Names that only hosts of repositories make: of pull requests, merge requests and reviews.
_HOSTED = ('refs/pull/', 'refs/merge-requests/', 'refs/changes/', 'refs/pipelines/')


class Verdict(NamedTuple):
    """One of ACTIONS, and why."""

    action: str
    reasons: tuple[str, ...]


class Seat(NamedTuple):
    """Where a leak sits, beyond its life: in the work tree at all, in an untracked file; and whether the repository knows a remote, or is a
    copy of one.
    """

    in_tree: bool = False
    is_untracked: bool = False
    has_remote: bool = False
    is_mirror: bool = False


class Leak(NamedTuple):
    """A finding with its verdict, and where it sits. `removed` is when the commit was made that took it out (ISO 8601), if one did."""

    finding: Finding
    verdict: Verdict
    seat: Seat
    removed: str = ''


def judged(finding: Finding, table: Rule | None, seat: Seat) -> Leak:
    """The leak. `table` is what the rules say of the issuer, None for a value that nobody signs for."""
    return Leak(
        finding,
        _harmless(finding)
        or _minor(finding, table)
        or _local(finding.life, seat)
        or _live(finding, seat),
        seat,
    )


def _harmless(finding: Finding) -> Verdict | None:
    if finding.state == 'suppressed':
        return Verdict(
            HARMLESS,
            (
                f'accepted by a mark in the file{f": {finding.reason}" if finding.reason else ", without a reason"}',
            ),
        )
    if finding.environment == 'testnet':
        return Verdict(HARMLESS, ('it belongs to a test network: there is no money behind it',))
    if finding.environment == 'paper':
        return Verdict(HARMLESS, ('it belongs to a paper account: there is no money behind it',))
    return None


def _minor(finding: Finding, table: Rule | None) -> Verdict | None:
    """What nobody can use as it stands, and what is more often made up than real; it still should not travel."""
    if table is not None and table.status == 'closed':
        return Verdict(
            'purge',
            (
                f'{table.name} has closed: the key opens nothing, but others may have got the same password or name',
            ),
        )
    if {part.role for part in finding.parts} == {'api-key'} and finding.severity in ('info', 'low'):
        return Verdict(
            'purge',
            ('only the id of a key: useless without its secret, but it names your account',),
        )
    if finding.rule in _UNSIGNED and is_test_or_example(finding.path):
        reasons = (
            'nobody signs for the value and it stands among tests or documentation, where most are made up',
            'if it is, accept it by a mark',
        )
        return Verdict('purge', reasons)
    if finding.severity in ('info', 'low'):
        return Verdict('purge', (f'of {finding.severity} severity: little can be done with it',))
    return None


def _local(life: Life | None, seat: Seat) -> Verdict | None:
    """What lies on this machine alone, where no push takes it along."""
    if life is None and seat.is_untracked:
        return Verdict(
            'purge',
            (
                'it is in a file that git does not track and .gitignore does not cover: the next `git add` takes it along',
            ),
        )
    if life is None or life.on_remote or travels(life) or seat.is_mirror or 'index' in life.others:
        return None
    if 'unreachable' in life.others and life.first is not None and seat.has_remote:
        return None  # it may have been pushed: git forgets
    places = ', '.join(
        dict.fromkeys(
            ['stash' if name == 'refs/stash' else name for name in life.refs] + list(life.others)
        )
    )
    return Verdict(
        'purge',
        (
            f'it never was on a branch, a tag or a remote ({places}): a push leaves it behind, a copy of the folder does not',
        ),
    )


def travels(life: Life) -> bool:
    """Whether a ref that people push holds it."""
    return any(
        not name.startswith(('refs/stash', 'refs/original/', 'refs/bisect/', 'refs/worktree/'))
        for name in life.refs
    )


def _live(finding: Finding, seat: Seat) -> Verdict:
    looks = {
        'live': 'it says that it is live',
        'unknown': 'nothing says that it is for tests only',
    }[finding.environment]
    life = finding.life
    if life is not None and life.on_remote:
        remotes = sorted(
            name.removeprefix('refs/remotes/')
            for name in life.refs
            if name.startswith('refs/remotes/')
        )
        where = (
            f'it is on a remote ({", ".join(remotes[:3])})'
            if remotes
            else 'it was on a remote once: a reflog remembers'
        )
        return Verdict('rotate-now', (f'{where} and counts as stolen', looks))
    hosted = (
        [name.removeprefix('refs/') for name in life.refs if name.startswith(_HOSTED)]
        if life is not None
        else []
    )
    if hosted:
        return Verdict(
            'rotate-now',
            (
                f'it is in a pull request of a remote ({", ".join(hosted[:3])}) and counts as stolen',
                looks,
            ),
        )
    if life is not None and seat.is_mirror and life.is_reachable:
        return Verdict(
            'rotate-now',
            (
                'the repository is a copy of a remote, so it is there too and counts as stolen',
                looks,
            ),
        )
    if life is None:
        return Verdict('rotate', ('it is in the work tree and not committed yet', looks))
    if 'unreachable' in life.others:
        return Verdict(
            'rotate',
            (
                'a commit without a branch holds it: git no longer remembers whether that was ever pushed',
                looks,
            ),
        )
    return Verdict(
        'rotate', ('no remote has seen it as far as git knows; copies and backups may have', looks)
    )

"""Assess what a leak means for publishing: rotate, purge, accepted or harmless; each by a proof."""

from __future__ import annotations

from keylint.core.config import Config
from keylint.core.model import Finding, Lifetime
from keylint.core.paths import is_test_or_example
from keylint.core.records import NamedTuple
from keylint.findings.dependencies import find_dependency_folder
from keylint.findings.filtering import find_hiding_key
from keylint.findings.severity import outlives_venue
from keylint.rules.builtin import GENERIC_RULES
from keylint.rules.types import Rule

# From the most to the least pressing. All but the last one stand in the way of publishing; what is
# accepted does so because nothing proves it harmless, but no plan takes it out.
ACTIONS = ('rotate-now', 'rotate', 'purge', 'accepted', 'harmless')
ROTATING, STOPPING = ACTIONS[:2], ACTIONS[:3]
ACCEPTED, HARMLESS = ACTIONS[3:]
# Rules that find a value without identifying its issuer.
_UNIDENTIFIED = frozenset((*GENERIC_RULES, 'pem-private-key-credential', 'ed25519-der-credential'))
_LOW_SEVERITIES = ('info', 'low')
# Refs that only hosting services create: for pull requests, merge requests and reviews.
_HOST_REFS = ('refs/pull/', 'refs/merge-requests/', 'refs/changes/', 'refs/pipelines/')
# Refs that `git push` leaves behind.
_LOCAL_REFS = ('refs/stash', 'refs/original/', 'refs/bisect/', 'refs/worktree/')
_REMOTE_REFS = 'refs/remotes/'
_MAX_SHOWN_REFS = 3
# Environments without money, and what a key of one belongs to.
_NO_MONEY = {'testnet': 'a test network', 'paper': 'a paper account'}


class Verdict(NamedTuple):
    """Say what to do about a leak (one of ACTIONS), and why."""

    action: str
    reasons: tuple[str, ...]


class LocationContext(NamedTuple):
    """Say where a leak sits, beyond its life in the history.

    `in_tree`: a file of the work tree holds it; `is_untracked`: only files that git does not track.
    `has_remote`: the repository knows a remote; `is_mirror`: it is a bare copy of one.
    """

    in_tree: bool = False
    is_untracked: bool = False
    has_remote: bool = False
    is_mirror: bool = False


class Leak(NamedTuple):
    """Join a finding with its verdict and where it sits.

    `removed` is when the commit was made that took it out (ISO 8601), empty if none did. `issuer`
    is the issuer's own name, empty where nobody signs for the value. `copies` are the leaks of the
    same value at other places.
    """

    finding: Finding
    verdict: Verdict
    seat: LocationContext
    removed: str = ''
    issuer: str = ''
    copies: tuple[Leak, ...] = ()


def assess_leak(finding: Finding, table: Rule | None, seat: LocationContext) -> Leak:
    """Assess a finding. `table` is the issuer's rule, None for a value of an unknown issuer.

    The first answer counts: harmless, accepted, in a package of others, of little use, on this
    machine only, else to rotate.
    """
    verdict = (
        _assess_harmless(finding)
        or _assess_accepted(finding)
        or _assess_package(finding)
        or _assess_minor(finding, table)
        or _assess_local(finding.life, seat)
        or _assess_exposed(finding, seat)
    )
    return Leak(finding, verdict, seat, issuer='' if table is None else table.name)


def accept_hidden(leak: Leak, config: Config) -> Leak:
    """Treat what the configuration hides as accepted, unless it is proven to be harmless."""
    key = find_hiding_key(leak.finding, config)
    if not key or leak.verdict.action in (ACCEPTED, HARMLESS):
        return leak
    why = f'hidden by {key} of the configuration; it is still there'
    return leak._replace(verdict=Verdict(ACCEPTED, (why, *leak.verdict.reasons)))


def _assess_accepted(finding: Finding) -> Verdict | None:
    """Accept what a mark in the file accepts; a named credential needs a reason there."""
    if finding.state != 'suppressed' or (finding.issuer is not None and not finding.reason):
        return None
    why = f': {finding.reason}' if finding.reason else ', without a reason'
    return Verdict(ACCEPTED, (f'accepted by a mark in the file{why}; it is still there',))


def _assess_harmless(finding: Finding) -> Verdict | None:
    """Clear a leak that is proven to give access to no money."""
    claim = finding.environment_claim
    if not claim.is_proven or claim.value not in _NO_MONEY:
        return None
    reason = f'it belongs to {_NO_MONEY[claim.value]}: there is no money behind it'
    return Verdict(HARMLESS, (claim.describe() or claim.value, reason))


def _assess_package(finding: Finding) -> Verdict | None:
    """Ask to purge, not to rotate, what stands in committed packages of others only."""
    if find_dependency_folder(finding) is None:
        return None
    reason = (
        'it is in a committed third-party package; their authors print samples and test keys; '
        'if you put it there yourself, rotate it'
    )
    return Verdict('purge', (reason,))


def _assess_minor(finding: Finding, table: Rule | None) -> Verdict | None:
    """Ask to purge, not to rotate, what is useless as it stands or most likely made up."""
    kinds = {part.role for part in finding.parts}
    if table is not None and table.status == 'closed' and not outlives_venue(kinds):
        reason = (
            f'{table.name} has closed: the key opens nothing, '
            'but others may have got the same password or name'
        )
        return Verdict('purge', (reason,))
    is_low = finding.severity in _LOW_SEVERITIES
    is_key = kinds == {'api-key'}
    if is_low and is_key and finding.missing:
        reason = 'only the id of a key: useless without its secret, but it names your account'
        return Verdict('purge', (reason,))
    if finding.rule in _UNIDENTIFIED and is_test_or_example(finding.path):
        reasons = (
            'the value names no issuer and is in tests or documentation, where most are made up',
            'if it is, accept it by a mark',
        )
        return Verdict('purge', reasons)
    if is_low and not is_key:  # a key that lacks no part may be complete on its own
        return Verdict('purge', (f'of {finding.severity} severity: little can be done with it',))
    return None


def _assess_local(life: Lifetime | None, seat: LocationContext) -> Verdict | None:
    """Ask to purge, not to rotate, what lies on this machine only and no push takes along."""
    if life is None and seat.is_untracked:
        reason = (
            'it is in a file that git does not track and .gitignore does not cover: '
            'the next `git add` takes it along'
        )
        return Verdict('purge', (reason,))
    if life is None or life.on_remote or is_pushable(life) or seat.is_mirror:
        return None
    if 'index' in life.others:
        return None
    if 'unreachable' in life.others and life.first is not None and seat.has_remote:
        return None  # it may have been pushed: git forgets
    refs = ['stash' if name == 'refs/stash' else name for name in life.refs]
    places = ', '.join(dict.fromkeys([*refs, *life.others]))
    reason = (
        f'it never was on a branch, a tag or a remote ({places}): '
        'a push leaves it behind, a copy of the folder does not'
    )
    return Verdict('purge', (reason,))


def is_pushable(life: Lifetime) -> bool:
    """Tell whether a ref that people push holds the leak."""
    return any(not name.startswith(_LOCAL_REFS) for name in life.refs)


def _assess_exposed(finding: Finding, seat: LocationContext) -> Verdict:
    """Ask to rotate: at once if anybody else can have seen it, else before publishing."""
    looks = [_explain_environment(finding)]
    if finding.issuer is None and {part.role for part in finding.parts} == {'api-key'}:
        looks.append('no issuer is known for the key: it may be whole by itself')
    public = _explain_exposure(finding.life, seat)
    if public:
        return Verdict('rotate-now', (public, *looks))
    return Verdict('rotate', (_explain_privacy(finding.life), *looks))


def _explain_environment(finding: Finding) -> str:
    """Say what is known of the environment of a key that must be rotated."""
    claim = finding.environment_claim
    told = claim.describe()
    if not told:
        return 'nothing proves that it is for tests only'
    if claim.value in _NO_MONEY:
        return f'{told}: a guess, which makes no key harmless'
    return told


def _explain_exposure(life: Lifetime | None, seat: LocationContext) -> str:
    """Say where others could see the leak; empty if nothing shows that they could."""
    if life is None:
        return ''
    if life.on_remote:
        remotes = sorted(
            name.removeprefix(_REMOTE_REFS) for name in life.refs if name.startswith(_REMOTE_REFS)
        )
        where = 'it was on a remote once: a reflog remembers'
        if remotes:
            where = f'it is on a remote ({", ".join(remotes[:_MAX_SHOWN_REFS])})'
        return f'{where} and counts as stolen'
    hosted = [name.removeprefix('refs/') for name in life.refs if name.startswith(_HOST_REFS)]
    if hosted:
        names = ', '.join(hosted[:_MAX_SHOWN_REFS])
        return f'it is in a pull request of a remote ({names}) and counts as stolen'
    if seat.is_mirror and life.is_reachable:
        return 'the repository is a copy of a remote, so it is there too and counts as stolen'
    return ''


def _explain_privacy(life: Lifetime | None) -> str:
    """Say how far the leak has come while no remote is known to hold it."""
    if life is None:
        return 'it is in the work tree and not committed yet'
    if 'unreachable' in life.others:
        return (
            'a commit without a branch has it: git no longer remembers whether that was ever pushed'
        )
    return 'no remote has seen it as far as git knows; copies and backups may have'

"""How long a history has held a finding, as a sentence for people."""

from __future__ import annotations

TYPE_CHECKING = False  # a clean run has no findings
if TYPE_CHECKING:
    from keylint.core.model import Finding, Lifetime

_MOST_NAMES = 3
_DAY = len('2026-01-31')
_SHORT = 12


def life_text(finding: Finding) -> str:
    """`in 14 commits from 2021-06-06 to 2021-10-14, no longer in HEAD; on origin/master: already public …`; nothing outside a history."""
    life = finding.life
    if life is None:
        return ''
    return '; '.join([_span(life, finding.commit), *_keepers(life)])


def _span(life: Lifetime, commit: str | None) -> str:
    if life.first is None or life.last is None:
        return 'in no commit'
    first, last = life.first.authored[:_DAY], life.last.authored[:_DAY]
    if not life.commits:  # a range was scanned: what lies outside it is not known
        return f'added by commit {life.first.commit[:_SHORT]} of {first}'
    days = f'of {first}' if life.commits == 1 else f'from {first} to {last}'
    count = f'{life.commits} commit{"s" * (life.commits != 1)}'
    named = f' ({(commit or life.last.commit)[:_SHORT]})' if life.commits == 1 else ''
    return f'in {count}{named} {days}, {"still in HEAD" if life.in_head else "no longer in HEAD" if "HEAD" in life.refs else "not in HEAD"}'


def _keepers(life: Lifetime) -> list[str]:
    """What keeps it in the repository."""
    if not life.commits and life.first is not None:
        return []
    found = []
    remote = [
        name.removeprefix('refs/remotes/') for name in life.refs if name.startswith('refs/remotes/')
    ]
    local = [name for name in life.refs if not name.startswith('refs/remotes/')]
    if local:
        found.append(f'reached from {_listed(local)}')
    kept = [name for name in life.others if name not in ('index', 'unreachable')]
    if 'index' in life.others:
        found.append('in the index')
    elif not life.refs:
        found.append(
            f'not reachable from any ref, kept by the {_listed(kept)}'
            if kept
            else 'not reachable from any ref'
        )
    if life.on_remote:
        found.append(
            f'on {_listed(remote) or "a remote branch once"}: already public as far as git knows'
        )
    return found


def _listed(names: list[str]) -> str:
    shown = [name.removeprefix('refs/heads/').removeprefix('refs/') for name in names[:_MOST_NAMES]]
    more = len(names) - len(shown)
    return ', '.join(shown) + (f' and {more} more' if more else '')

"""Format how long a history has held a finding as a sentence for people."""

from __future__ import annotations

TYPE_CHECKING = False  # a clean run has no findings
if TYPE_CHECKING:
    from keylint.core.model import Finding, Lifetime

_MAX_NAMES = 3
_DATE_CHARS = len('2026-01-31')
_SHORT_HASH_CHARS = 12


def format_lifetime(finding: Finding) -> str:
    """Format the lifetime of a finding; the text is empty when no history was scanned.

    `in 14 commits from 2021-06-06 to 2021-10-14, no longer in HEAD; on origin/master: already
    public …`
    """
    life = finding.life
    if life is None:
        return ''
    return '; '.join([_format_span(life, finding.commit), *_list_keepers(life)])


def format_short_lifetime(life: Lifetime) -> str:
    """Format a lifetime in few words: `3 commits from 2021-06-06 to 2021-10-14, not in HEAD`."""
    if life.first is None or life.last is None:
        shown = 'in no commit'
    elif not life.commits:
        shown = f'added by commit {life.first.commit[:_SHORT_HASH_CHARS]}'
    else:
        first, last = life.first.authored[:_DATE_CHARS], life.last.authored[:_DATE_CHARS]
        days = f'on {first}' if first == last else f'from {first} to {last}'
        count = f'{life.commits} commit{"s" * (life.commits != 1)}'
        shown = f'in {count} {days}, {_describe_head(life)}'
    return f'{shown}, already public' if life.on_remote else shown


def _format_span(life: Lifetime, commit: str | None) -> str:
    """Say in how many commits the value is, and between which days."""
    if life.first is None or life.last is None:
        return 'in no commit'
    first, last = life.first.authored[:_DATE_CHARS], life.last.authored[:_DATE_CHARS]
    if not life.commits:  # a range was scanned: what lies outside it is not known
        return f'added by commit {life.first.commit[:_SHORT_HASH_CHARS]} of {first}'
    days = f'of {first}' if life.commits == 1 else f'from {first} to {last}'
    count = f'{life.commits} commit{"s" * (life.commits != 1)}'
    name = f' ({(commit or life.last.commit)[:_SHORT_HASH_CHARS]})' if life.commits == 1 else ''
    return f'in {count}{name} {days}, {_describe_head(life)}'


def _describe_head(life: Lifetime) -> str:
    """Say whether HEAD still has the value; `refs` names HEAD if one of its commits ever had it."""
    if life.in_head:
        return 'still in HEAD'
    return 'no longer in HEAD' if 'HEAD' in life.refs else 'not in HEAD'


def _list_keepers(life: Lifetime) -> list[str]:
    """List what keeps the value in the repository: refs, the index, reflogs, remotes."""
    if not life.commits and life.first is not None:
        return []
    found = []
    remote = [
        name.removeprefix('refs/remotes/') for name in life.refs if name.startswith('refs/remotes/')
    ]
    local = [name for name in life.refs if not name.startswith('refs/remotes/')]
    if local:
        found.append(f'reached from {_join_names(local)}')
    kept = [name for name in life.others if name not in ('index', 'unreachable')]
    if 'index' in life.others:
        found.append('in the index')
    elif not life.refs:
        keeper = f', kept by the {_join_names(kept)}' if kept else ''
        found.append(f'not reachable from any ref{keeper}')
    if life.on_remote:
        branches = _join_names(remote) or 'a remote branch once'
        found.append(f'on {branches}: already public as far as git knows')
    return found


def _join_names(names: list[str]) -> str:
    shown = [name.removeprefix('refs/heads/').removeprefix('refs/') for name in names[:_MAX_NAMES]]
    more = len(names) - len(shown)
    return ', '.join(shown) + (f' and {more} more' if more else '')

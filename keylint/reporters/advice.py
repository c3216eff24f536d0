"""Say why the findings matter and what to do, once for each rule, in the order of a bad day.

What comes first depends on the moment: before a commit a value can still be taken out, after it
the key must be revoked before anything else.
"""

from __future__ import annotations

from collections.abc import Iterable

from keylint.core.lazy_patterns import defer_regex
from keylint.core.lazy_re import re
from keylint.core.model import Finding
from keylint.core.records import NamedTuple
from keylint.reporters.painter import Painter
from keylint.reporters.terminal import count_columns
from keylint.reporters.text import sanitize_text, wrap_words

_MAX_UNSTAGED = 3
# Where a reason and a step take more lines, the reason is left to `keylint explain`, and then the
# page of the step is.
_MAX_ITEM_LINES = 2
_PAGE = defer_regex(r' \(https?://[^\s)]+\)')
_PLAIN = defer_regex(r'[\w@%+=:,./-]+')
_PREFIX = defer_regex(r'\A(?:Revoke|Replace it|Remove the public half) first[:,] ')
# A step, what follows a semicolon or another sentence, and the page where it is done.
_STEP = defer_regex(
    r'(?P<what>.+?)(?:[;.](?= ).*?)?\.?(?: \((?P<page>https?://[^\s)]+)\))?\.?', re.DOTALL
)
# Steps that make a leaked value worthless, not those that lead to the page or look around.
_CHANGES = defer_regex(
    r"""\b(?:delete|revoke|regenerate|generate|rotate|reset|remove|disable|deactivate|roll|replace
    |cancel|end|terminate|renew|reissue|rekey|sweep|register|update|change|restrict|write\ to
    |make\ a\ new|create|choose\ a\ new|move\ everything|take)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ACCEPT = (
    'False positive? Add `# keylint: ignore[RULE] reason` to its line, or run '
    '`keylint baseline create`.'
)
_ALL_STEPS = 'All steps: `keylint explain RULE`.'
_ACCEPT_SHORT = 'False positive: `# keylint: ignore[RULE] reason`.'
_STEPS_SHORT = 'Steps: `keylint explain RULE`.'
_SHARED = '3. If a value was ever shared (pushed, mailed, pasted), revoke it:'


class _Step(NamedTuple):
    """What to do, and the page where it is done; empty where there is none."""

    what: str
    page: str


class _Layout(NamedTuple):
    """How wide the advice may be, how it is coloured, and whether the screen is short of lines.

    `top` is what git needs before a path of the repository: nothing, or `:/` below its top.
    """

    columns: int
    paint: Painter
    is_short: bool
    top: str


def format_advice(
    findings: list[Finding],
    moment: str,
    columns: int,
    paint: Painter,
    is_short: bool = False,
    top: str = '',
) -> list[str]:
    """Return what to do about findings that are sorted by severity.

    `moment` is a mode of a scan, or `first commit` where there is nothing to restore from. Short
    advice has one line for each rule where that is enough: what to do, and why where both
    fit. `keylint explain` has the rest. `top` is as in the layout.
    """
    if not findings:
        return []
    layout = _Layout(columns, paint, is_short, top)
    leaks = [finding for finding in findings if finding.parts]
    others = [finding for finding in findings if not finding.parts]
    lines: list[str] = []
    if leaks:
        lines += _MOMENTS.get(moment, _advise_after)(leaks, layout)
    if others:
        lines.append(paint('1', 'Keys and setup' if leaks else 'What to do, most urgent first'))
        lines += _format_rules(others, layout)
    skip = f'{_SKIPS[moment]} ' if moment in _SKIPS else ''
    closing = _wrap(f'{_ACCEPT} {skip}{_ALL_STEPS}', columns)
    if is_short and len(closing) > 1:
        closing = _wrap(f'{_ACCEPT_SHORT} {skip}{_STEPS_SHORT}', columns)
    return lines + closing


def _advise_after(leaks: list[Finding], layout: _Layout) -> list[str]:
    """Say to revoke first: whoever has seen the value keeps it."""
    then = (
        'Then look for activity that is not yours, create new keys with fewer permissions, '
        'and move the values out of the files: `keylint fix --dry-run`.'
    )
    if any(finding.life for finding in leaks):
        then = (
            'Then run `keylint publish`: it says what to remove from the history, and in which '
            'order. Removing a value hides nothing while its key still works.'
        )
    elif layout.is_short and len(_wrap(then, layout.columns)) > 1:
        then = 'Then look for activity that is not yours, and run `keylint fix --dry-run`.'
    return [
        layout.paint('1', 'Revoke first, most urgent on top'),
        *_format_rules(leaks, layout),
        *_wrap(then, layout.columns),
    ]


def _advise_before_commit(
    leaks: list[Finding], layout: _Layout, unstage: str = 'git restore --staged'
) -> list[str]:
    """Say how to keep the values out of the commit; revoking comes only where others had them."""
    places = [place for finding in leaks for place in (finding, *finding.copies)]
    paths = list(dict.fromkeys(_quote(layout.top + sanitize_text(place.path)) for place in places))
    named = ' '.join(paths[:_MAX_UNSTAGED]) + (' …' if len(paths) > _MAX_UNSTAGED else '')
    return [
        layout.paint('1', 'Nothing is committed yet'),
        *_wrap(f'1. Unstage: {unstage} {named}', layout.columns),
        *_wrap('2. Move the values out of the files: `keylint fix --dry-run`', layout.columns),
        *_wrap(_SHARED, layout.columns),
        *_format_rules(leaks, layout, indent=3),
    ]


def _quote(path: str) -> str:
    """Return a path as shells take it; shlex would take the hook too long to import."""
    return path if _PLAIN.fullmatch(path) else "'" + path.replace("'", "'\"'\"'") + "'"


def _advise_before_first_commit(leaks: list[Finding], layout: _Layout) -> list[str]:
    """Say so with the command that git takes before a first commit: `restore` asks for HEAD."""
    return _advise_before_commit(leaks, layout, 'git rm --cached')


def _advise_before_push(leaks: list[Finding], layout: _Layout) -> list[str]:
    """Say how to take the values out of commits that nobody else has."""
    return [
        layout.paint('1', 'Committed, but not pushed yet'),
        *_wrap('1. Move the values out of the files: `keylint fix --dry-run`', layout.columns),
        *_wrap('2. Rewrite the commits: git commit --amend, or git rebase -i', layout.columns),
        *_wrap(_SHARED, layout.columns),
        *_format_rules(leaks, layout, indent=3),
    ]


_MOMENTS = {
    'staged': _advise_before_commit,
    'first commit': _advise_before_first_commit,
    'pre-push': _advise_before_push,
}
_SKIP_COMMIT = 'Skip the hook once: SKIP=keylint git commit.'
_SKIPS = {
    'staged': _SKIP_COMMIT,
    'first commit': _SKIP_COMMIT,
    'pre-push': 'Skip the hook once: SKIP=keylint-push git push.',
}


def _format_rules(findings: Iterable[Finding], layout: _Layout, indent: int = 2) -> list[str]:
    """Say once why rules matter that matter for one reason, and what is done first for each."""
    groups: dict[str, dict[str, Finding]] = {}
    for finding in findings:
        groups.setdefault(_first_sentence(finding.why), {}).setdefault(finding.rule, finding)
    lines: list[str] = []
    for why, rules in groups.items():
        steps = [
            (rule.removesuffix('-credential'), _choose_step(finding))
            for rule, finding in rules.items()
            if finding.do
        ]
        if why and len(steps) == 1:
            lines += _format_rule(*steps[0], why, layout, indent)
            continue
        lines += _wrap(why, layout.columns, indent)
        for name, step in steps:
            text = _fit_step(name, step, layout.columns, indent)
            lines += _list_item(name, text, layout, indent)
    return lines


def _format_rule(name: str, step: _Step, why: str, layout: _Layout, indent: int) -> list[str]:
    """Say why a rule matters and what to do: what fits, the page before the reason."""
    bare = _PAGE.sub('', step.what)
    with_page = [_spell_step(step)] if step.page else []
    texts = [f'{why} {_spell_step(step)}', *with_page, f'{why} {bare}', bare]
    items = [_list_item(name, text, layout, indent) for text in texts]
    most = 1 if layout.is_short else _MAX_ITEM_LINES
    return next((lines for lines in items if len(lines) <= most), items[-1])


def _first_sentence(text: str) -> str:
    return text.partition('. ')[0].rstrip('.') + '.' if text else ''


def _choose_step(finding: Finding) -> _Step:
    """Return the first step that changes something, in short, and the page where it is done."""
    steps = finding.do
    wanted = steps if finding.parts else steps[:1]
    chosen = next((step for step in wanted if _CHANGES.search(step)), steps[0])
    match, first = _STEP.fullmatch(_PREFIX.sub('', chosen)), _STEP.fullmatch(steps[0])
    if match is None or first is None:
        return _Step(chosen, '')
    what = match['what']
    return _Step(what[:1].upper() + what[1:], match['page'] or first['page'] or '')


def _spell_step(step: _Step) -> str:
    return f'{step.what} ({step.page})' if step.page else step.what


def _fit_step(name: str, step: _Step, columns: int, indent: int) -> str:
    """Return the whole step, or the page alone where one line holds no more."""
    spelled = _spell_step(step)
    taken = indent + count_columns(f'- {name}: ')
    if step.page and taken + count_columns(spelled) > columns:
        return f'revoke it at {step.page}'
    return spelled


def _list_item(name: str, text: str, layout: _Layout, indent: int) -> list[str]:
    head = ' ' * indent + f'- {name}: '
    lines = wrap_words(sanitize_text(text), layout.columns, head, indent + 2) or [head]
    lines[0] = lines[0].replace(f'{name}:', layout.paint('1', f'{name}:'), 1)
    return [line.rstrip('\n') for line in lines]


def _wrap(text: str, columns: int, indent: int = 0) -> list[str]:
    further = indent + (3 if text[:1].isdigit() else 0)
    lines = wrap_words(sanitize_text(text), columns, ' ' * indent, further)
    return [line.rstrip('\n') for line in lines]

"""Tell whether a sentence of a set-up text asks for a right to move funds.

It may do so in a form of its language, in words for acts, needs and states, as an item of a list,
or as a row of a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from keylint.core.lazy_patterns import defer_regex
from keylint.declarations.relevance import EXCHANGES
from keylint.declarations.setup_languages import SetupLanguage
from keylint.declarations.setup_moods import MARKUP, is_turned

# A sentence with one of these is about a key.
_OWN_KEY = defer_regex(r'(?i)\b(?:api[ _-])?keys?\b|密钥|ключ|clave|chave|anahtar|키|キー')
# Users, roles and apps have permissions too: of "all permissions" the sentence or the one before
# must say whose.
_KEY_TOPIC = defer_regex(
    r'(?i)\b(?:api[ _-]?keys?|keys?|'
    + EXCHANGES.decode()
    + r')\b|api|密钥|ключ|clave|chave|anahtar|키'
)
# An item of a list; a box before it that is ticked or empty.
_ITEM = defer_regex(r'[ \t]*(?:[-*+•]|\d{1,2}[.)])[ \t]+(?P<box>\[[ xX✓✔]\][ \t]*)?')
# What stands behind a label of a right that is not wanted, in texts of any language.
_SAID_NO = defer_regex(r'(?i)[:=–—-]\s*\W{0,3}(?:no|not|never|none|off|false|disabled|n/a)(?!\w)')
_CROSSED = defer_regex(r'\[[xX]\]')
_MAX_LABEL_CHARS = 24
_MAX_TITLE_CHARS = 40
# The head of a table of rights that are needed, and the cells that say so.
_NEEDS = defer_regex(
    r'(?i)(?=.*\b(?:permissions?|rights?|scopes?|box(?:es)?|settings?)\b)'
    r'.*\b(?:needed|required?|necessary|enabled?|mandatory|tick(?:ed)?)\b'
)
_YES = defer_regex(r'(?i)(?:yes|y|true|required|needed|mandatory|on|x|enabled?|✓|✔|✅|☑)\W{0,3}')
_MIN_CELLS = 2
# Words that stand for much else: a transfer counts only where a sentence speaks of rights.
_WIDE = defer_regex(r'(?i)trans(?:f|[^\W\d]*r)|перевод|이체|划转|劃轉|送金')


def asks_for_rights(text: str, before: str, context: str, language: SetupLanguage) -> bool:
    """Tell whether a sentence asks for a right to move funds.

    The lines `before` it say what a list is about, the `context` what the sentence is about.
    """
    if language.search('risk', text) is None:
        return False
    if any(form.search(text) for form in language.list_forms('useless')):
        return True
    item = _ITEM.match(text)
    is_ticked = item is not None and (item['box'] or '')[1:2] in ('x', 'X', '✓', '✔')
    body = text[item.end() :] if item is not None and is_ticked else text
    if _is_off(body) or _SAID_NO.search(body):
        return False
    if is_turned(body, 'denial', language):
        return any(
            _needs_right(clause, context, language) for clause in _list_clauses(body, language)
        )
    if any(_is_said(form, body, before, language) for form in language.list_forms('says')):
        return True
    if not (item and is_turned(_find_lead(before), 'denial', language)) and _is_said_freely(
        body, context, language
    ):
        return True
    if item is None:
        return _is_row_of_needs(text, before, language)
    (named,) = language.list_forms('item')
    label = named.match(text[item.end() :].lstrip(MARKUP))
    if label is None or not _is_label(text[item.end() :].lstrip(MARKUP)[label.end() :]):
        return False
    return is_ticked or (not item['box'] and _is_below_heading(before, language))


def _is_row_of_needs(text: str, before: str, language: SetupLanguage) -> bool:
    """Tell whether a row of a table says that a right is needed: `| Withdrawals | yes |`."""
    cells = [cell.strip(MARKUP) for cell in text.strip().strip('|').split('|')]
    if not text.lstrip().startswith('|') or len(cells) < _MIN_CELLS:
        return False
    (named,) = language.list_forms('item')
    label = named.match(cells[0])
    if label is None or not _is_label(cells[0][label.end() :]):
        return False
    rows = before.rstrip('\n').splitlines()
    table = [*takewhile(lambda row: row.lstrip().startswith('|'), reversed(rows))]
    return (
        bool(table)
        and (_NEEDS.match(table[-1]) is not None or language.names_needs(table[-1]))
        and any(_YES.fullmatch(cell) or language.is_yes(cell) for cell in cells[1:])
    )


def _is_label(rest: str) -> bool:
    """Tell whether nothing but the rest of a right's name follows: `Withdrawals (spot)`."""
    return len(rest.strip(MARKUP)) <= _MAX_LABEL_CHARS or rest.strip(MARKUP)[:1] in '(:-–—,&'


def _is_said(form: re.Pattern[str], text: str, before: str, language: SetupLanguage) -> bool:
    """Tell whether a form of the language is used of a right, not of a record of the account."""
    for match in form.finditer(text):
        if match['all'] is not None:
            if _KEY_TOPIC.search(text) or _KEY_TOPIC.search(before[-200:]):
                return True
        elif not _is_elsewhere(match['risk'], text, language) and not any(
            one.search(text[: match.start('risk')]) for one in language.list_forms('record_before')
        ):
            return True
    return False


def _is_off(text: str) -> bool:
    """Tell whether a box in a text is empty, or crossed among others that are ticked."""
    return '[ ]' in text or (_CROSSED.search(text) is not None and '✓' in text)


def _list_clauses(text: str, language: SetupLanguage) -> list[str]:
    """List the clauses of a sentence, each of which may be denied without the others."""
    clauses = language.search('clause', text) and language.list_forms('clause')[0].split(text)
    return [clause for clause in clauses or () if clause]


def _needs_right(clause: str, context: str, language: SetupLanguage) -> bool:
    """Tell whether one clause of a sentence says that a right is needed, and none is denied."""
    return not is_turned(clause, 'denial', language) and _is_said_freely(
        clause, context, language, may_order=False
    )


def _is_said_freely(
    text: str, context: str, language: SetupLanguage, *, may_order: bool = True
) -> bool:
    """Tell whether a sentence asks for a right in words of its own, and tells of nobody else."""
    (no_denial,) = language.list_forms('no_denial')
    said = no_denial.sub(' ', text)
    if any(form.search(said) for form in language.list_forms('tells')):
        return False
    return any(
        _is_asked(match, text, context, language)
        for form in language.list_forms('free' if may_order else 'free_needs')
        for match in _find_overlapping(form, text)
    )


def _is_elsewhere(named: str, text: str, language: SetupLanguage) -> bool:
    """Tell whether a wide word for a right, as `transfer`, stands in a sentence about no rights."""
    if _WIDE.match(named) is None or _OWN_KEY.search(text):
        return False
    (risk,) = language.list_forms('risk')
    if any(match['risk'] and not _WIDE.match(match['risk']) for match in risk.finditer(text)):
        return False
    return not any(form.search(text) for form in language.list_forms('right'))


def _find_overlapping(form: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Find all matches of a form, also those that begin within another."""
    match = form.search(text)
    while match is not None:
        yield match
        match = form.search(text, match.start() + 1)


def _is_asked(match: re.Match[str], text: str, context: str, language: SetupLanguage) -> bool:
    words = match.groupdict()
    act = 'act' if words.get('act') is not None else ''
    if act and any(form.search(text[: match.start(act)]) for form in language.list_forms('led')):
        return False
    if match['all'] is None:
        head = text[: match.start('risk')]
        if any(form.search(head) for form in language.list_forms('record_before')):
            return False
        if _is_elsewhere(match['risk'], text, language):
            return False
    if _KEY_TOPIC.search(text if words.get('mark') is not None else context):
        return True
    return words.get('mark') is not None and language.search('right', context) is not None


def _is_below_heading(before: str, language: SetupLanguage) -> bool:
    """Tell whether the list above which an item stands is one of rights that are needed."""
    lead = _find_lead(before)
    if is_turned(lead, 'denial', language):
        return False
    return language.search('heading', lead) is not None or _is_title(lead, language)


def _is_title(lead: str, language: SetupLanguage) -> bool:
    """Tell whether a line is a mere title of the rights of a key: `## API key permissions`."""
    return (
        len(lead.strip(MARKUP)) <= _MAX_TITLE_CHARS
        and _KEY_TOPIC.search(lead) is not None
        and any(form.search(lead) for form in language.list_forms('right'))
        and not any(form.search(lead) for form in language.list_forms('tells'))
    )


def _find_lead(before: str) -> str:
    """Find the line that says what a list is for: no item, or one that ends with a colon."""
    for line in reversed(before.splitlines()):
        if line.strip() and (_ITEM.match(line) is None or line.rstrip().endswith((':', '：'))):
            return line
    return ''

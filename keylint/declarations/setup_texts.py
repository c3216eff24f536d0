"""Set-up texts and comments that tell the reader to enable withdrawals or to leave a key open.

What counts is the mood of a sentence: an order or a requirement is loud; a warning, a condition, a
question and a statement about somebody else are not. How each language says these things stands in
`rules/setup_texts.yaml`. `[X] Enable Withdrawals` among ticks means off.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import takewhile

from keylint.core.kept_patterns import compile_once
from keylint.core.late_patterns import defer_regex
from keylint.declarations.relevance import EXCHANGES

_SENTENCE = defer_regex(r'[^\n.!?。！？]+(?:[.!?](?![\s"\')\]*`]|$)[^\n.!?。！？]*)*[.!?。！？]?')
# Users, roles and apps have permissions too: of "all permissions" the sentence or the one before
# must say whose.
_KEY_TOPIC = defer_regex(
    r'(?i)\b(?:api[ _-]?keys?|' + EXCHANGES.decode() + r')\b|api|密钥|ключ|clave|chave|anahtar|키'
)
# Ids of rules, settings and classes: `key-can-withdraw` tells nobody anything.
_ID = defer_regex(r'(?<![A-Za-z0-9])[A-Za-z0-9]++(?:[-_][A-Za-z0-9]++){2,}+')
# The name of a site, whose dot ends no sentence: `Gate.io`, `Crypto.com`.
_SITE_DOT = defer_regex(r'(?<=[A-Za-z])\.(?=(?:io|com|us|net|org|fi|co)\b)')
_QUESTION = defer_regex(r'[?？]["\')*\s]*$')
# An item of a list; a box before it that is ticked or empty.
_ITEM = defer_regex(r'[ \t]*(?:[-*+•]|\d{1,2}[.)])[ \t]+(?P<box>\[[ xX✓✔]\][ \t]*)?')
_OFF = defer_regex(r'\[ \]|\[[xX]\]')
_HEADING_REACH = 1500
_MARKUP = '*_`"\'#>~ \t'
_MAX_LABEL_CHARS = 24
# The head of a table of rights that are needed, and the cells that say so.
_NEEDS = defer_regex(
    r'(?i)(?=.*\b(?:permissions?|rights?|scopes?|box(?:es)?|settings?)\b)'
    r'.*\b(?:needed|required?|necessary|enabled?|mandatory|tick(?:ed)?)\b'
)
_YES = defer_regex(r'(?i)(?:yes|y|true|required|needed|mandatory|on|x|enabled?|✓|✔|✅|☑)\W{0,3}')
_MIN_CELLS = 2


# Languages with letters of their own: a text of ASCII is in none of them.
_OTHER_SCRIPTS = frozenset(('ru', 'zh', 'ja', 'ko'))
Vocabulary = tuple[tuple[tuple[str, tuple[str, ...]], ...], ...]


class _Language:
    """The forms of one language, each compiled when it is first asked for."""

    def __init__(self, forms: dict[str, tuple[str, ...]]) -> None:
        one = {name: texts[0] for name, texts in forms.items() if texts}
        risk = f'(?:(?P<risk>{one["risk"]})(?!{one["record"]})|(?P<all>{one["all"]}))'
        self._macros = {
            '{risk}': risk,
            '{order}': one['order'],
            '{start}': one['start'],
            '{ip}': one['ip'],
        }
        self._texts = {
            **forms,
            'risk': ('{risk}',),
            'item': (r'(?:{order})?\W{0,3}(?:the |a )?{risk}',),
            'record_before': tuple(f'(?:{text})$' for text in forms.get('record_before', ())),
        }
        self._compiled: dict[str, tuple[re.Pattern[str], ...]] = {}
        self.is_of_other_script = one['id'] in _OTHER_SCRIPTS
        self.is_english = one['id'] == 'en'

    def list_forms(self, name: str) -> tuple[re.Pattern[str], ...]:
        """List the forms of a name: none where the language has none."""
        if name not in self._compiled:
            self._compiled[name] = tuple(map(self._compile, self._texts[name]))
        return self._compiled[name]

    def search(self, name: str, text: str) -> re.Match[str] | None:
        """Search a text for the only form of a name."""
        (form,) = self.list_forms(name)
        return form.search(text)

    def _compile(self, text: str) -> re.Pattern[str]:
        for name, meaning in self._macros.items():
            text = text.replace(name, meaning)
        return compile_once(text, re.IGNORECASE)


@lru_cache(maxsize=4)
def _read_languages(vocabulary: Vocabulary) -> tuple[_Language, ...]:
    return tuple(_Language(dict(language)) for language in vocabulary)


def find_instructions(
    data: bytes, lines: Iterable[tuple[int, int]], vocabulary: Vocabulary
) -> Iterator[tuple[str, str, int, int]]:
    """Find sentences in `lines` (bytes) that ask for too much.

    What each asks for (`withdraw`, `open`, `share`), text and bytes.
    """
    languages = _read_languages(vocabulary)
    for start, stop in lines:
        yield from _find_in_line(data, start, stop, languages)


def _find_in_line(
    data: bytes, start: int, stop: int, languages: tuple[_Language, ...]
) -> Iterator[tuple[str, str, int, int]]:
    line = data[start:stop].decode('utf-8', 'surrogateescape')
    before = data[max(0, start - _HEADING_REACH) : start].decode('utf-8', 'replace')
    for sentence in _SENTENCE.finditer(line):
        text = sentence.group()
        plain = _ID.sub(lambda name: '_' * len(name.group()), _SITE_DOT.sub('_', text))
        what = _classify_sentence(plain, before, languages)
        if what is not None:
            lead = sentence.start() + len(text) - len(text.lstrip())
            first = start + len(line[:lead].encode('utf-8', 'surrogateescape'))
            shown = text.strip()
            last = first + len(shown.encode('utf-8', 'surrogateescape'))
            yield (
                what,
                shown.encode('utf-8', 'surrogateescape').decode(errors='replace'),
                first,
                last,
            )


def _classify_sentence(text: str, before: str, languages: tuple[_Language, ...]) -> str | None:
    """Classify a sentence: `withdraw`, `open`, `share`, or None for a harmless one."""
    if _QUESTION.search(text):
        return None
    is_ascii = text.isascii()
    for language in languages:
        if (is_ascii and language.is_of_other_script) or language.search('question', text):
            continue
        if _asks_for_rights(text, before, language):
            return 'withdraw'
        if not _is_turned(text, 'open_denial', language):
            for what in ('open', 'share'):
                if any(form.search(text) for form in language.list_forms(what)):
                    return what
    return None


def _is_turned(text: str, denial: str, language: _Language) -> bool:
    """Tell whether a sentence is denied, or only says what would be."""
    (no_denial,), (no_condition,) = map(language.list_forms, ('no_denial', 'no_condition'))
    said = no_denial.sub(' ', text)
    if language.search(denial, said):
        return True
    return language.search('condition', no_condition.sub(' ', said)) is not None


def _asks_for_rights(text: str, before: str, language: _Language) -> bool:
    if language.search('risk', text) is None:
        return False
    item = _ITEM.match(text)
    is_ticked = item is not None and (item['box'] or '')[1:2] in ('x', 'X', '✓', '✔')
    body = text[item.end() :] if item is not None and is_ticked else text
    if _OFF.search(body) or _is_turned(body, 'denial', language):
        return False
    if any(_is_said(form, body, before, language) for form in language.list_forms('says')):
        return True
    if item is None:
        return _is_row_of_needs(text, before, language)
    (named,) = language.list_forms('item')
    label = named.match(text[item.end() :].lstrip(_MARKUP))
    if label is None or not _is_label(text[item.end() :].lstrip(_MARKUP)[label.end() :]):
        return False
    return is_ticked or (not item['box'] and _is_below_heading(before, language))


def _is_row_of_needs(text: str, before: str, language: _Language) -> bool:
    """Tell whether a row of a table says that a right is needed: `| Withdrawals | yes |`."""
    cells = [cell.strip(_MARKUP) for cell in text.strip().strip('|').split('|')]
    if not (language.is_english and text.lstrip().startswith('|')) or len(cells) < _MIN_CELLS:
        return False
    (named,) = language.list_forms('item')
    label = named.match(cells[0])
    if label is None or not _is_label(cells[0][label.end() :]):
        return False
    rows = before.rstrip('\n').splitlines()
    table = [*takewhile(lambda row: row.lstrip().startswith('|'), reversed(rows))]
    return (
        bool(table)
        and _NEEDS.match(table[-1]) is not None
        and any(_YES.fullmatch(cell) for cell in cells[1:])
    )


def _is_label(rest: str) -> bool:
    """Tell whether nothing but the rest of a right's name follows: `Withdrawals (spot)`."""
    return len(rest.strip(_MARKUP)) <= _MAX_LABEL_CHARS or rest.strip(_MARKUP)[:1] in '(:-–—,&'


def _is_said(form: re.Pattern[str], text: str, before: str, language: _Language) -> bool:
    """Tell whether a form of the language is used of a right, not of a record of the account."""
    for match in form.finditer(text):
        if match['all'] is not None:
            if _KEY_TOPIC.search(text) or _KEY_TOPIC.search(before[-200:]):
                return True
        elif not any(
            one.search(text[: match.start('risk')]) for one in language.list_forms('record_before')
        ):
            return True
    return False


def _is_below_heading(before: str, language: _Language) -> bool:
    """Tell whether the list above which an item stands is one of rights that are needed."""
    for line in reversed(before.splitlines()):
        if not line.strip():
            continue
        if _ITEM.match(line) is None or line.rstrip().endswith((':', '：')):
            return language.search('heading', line) is not None and not _is_turned(
                line, 'denial', language
            )
    return False

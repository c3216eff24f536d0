"""Set-up texts and comments that tell the reader to enable withdrawals or to leave a key open.

What counts is the mood of a sentence: an order or a requirement is loud; a warning, a condition, a
question and a statement about somebody else are not. How each language says these things stands in
`rules/setup_texts.yaml`. `[X] Enable Withdrawals` among ticks means off.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from keylint.declarations.relevance import EXCHANGES

_SENTENCE = re.compile(r'[^\n.!?。！？]+(?:[.!?](?![\s"\')\]*`]|$)[^\n.!?。！？]*)*[.!?。！？]?')
# Users, roles and apps have permissions too: of "all permissions" the sentence or the one before
# must say whose.
_KEY_TOPIC = re.compile(
    r'(?i)\b(?:api[ _-]?keys?|' + EXCHANGES.decode() + r')\b|api|密钥|ключ|clave|chave|anahtar|키'
)
# Ids of rules, settings and classes: `key-can-withdraw` tells nobody anything.
_ID = re.compile(r'(?<![A-Za-z0-9])[A-Za-z0-9]++(?:[-_][A-Za-z0-9]++){2,}+')
_QUESTION = re.compile(r'[?？]["\')*\s]*$')
# An item of a list; a box before it that is ticked or empty.
_ITEM = re.compile(r'[ \t]*(?:[-*+•]|\d{1,2}[.)])[ \t]+(?P<box>\[[ xX✓✔]\][ \t]*)?')
_OFF = re.compile(r'\[ \]|\[[xX]\]')
_HEADING_REACH = 1500
_MARKUP = '*_`"\'#>~ \t'
_MAX_LABEL_CHARS = 24


class _Language(NamedTuple):
    """The compiled forms of one language."""

    risk: re.Pattern[str]
    says: tuple[re.Pattern[str], ...]
    open: tuple[re.Pattern[str], ...]
    share: tuple[re.Pattern[str], ...]
    item: re.Pattern[str]
    heading: re.Pattern[str]
    denial: re.Pattern[str]
    no_denial: re.Pattern[str]
    open_denial: re.Pattern[str]
    condition: re.Pattern[str]
    no_condition: re.Pattern[str]
    question: re.Pattern[str]
    record_before: re.Pattern[str] | None


_SINGLE_FORMS = (
    'heading',
    'denial',
    'no_denial',
    'open_denial',
    'condition',
    'no_condition',
    'question',
)
Vocabulary = tuple[tuple[tuple[str, tuple[str, ...]], ...], ...]


@lru_cache(maxsize=4)
def _compile_languages(vocabulary: Vocabulary) -> tuple[_Language, ...]:
    return tuple(_compile_language(dict(language)) for language in vocabulary)


def _compile_language(forms: dict[str, tuple[str, ...]]) -> _Language:
    one = {name: texts[0] for name, texts in forms.items() if texts}
    risk = f'(?:(?P<risk>{one["risk"]})(?!{one["record"]})|(?P<all>{one["all"]}))'
    macros = {'{risk}': risk, '{order}': one['order'], '{start}': one['start'], '{ip}': one['ip']}

    def compile_form(text: str) -> re.Pattern[str]:
        for name, meaning in macros.items():
            text = text.replace(name, meaning)
        return re.compile(text, re.IGNORECASE)

    before = one.get('record_before')
    return _Language(
        risk=compile_form('{risk}'),
        says=tuple(map(compile_form, forms['says'])),
        open=tuple(map(compile_form, forms['open'])),
        share=tuple(map(compile_form, forms['share'])),
        item=compile_form(r'(?:{order})?\W{0,3}(?:the |a )?{risk}'),
        record_before=re.compile(f'(?:{before})$', re.IGNORECASE) if before else None,
        **{name: compile_form(one[name]) for name in _SINGLE_FORMS},
    )


def find_instructions(
    data: bytes, lines: Iterable[tuple[int, int]], vocabulary: Vocabulary
) -> Iterator[tuple[str, str, int, int]]:
    """Find sentences in `lines` (bytes) that ask for too much.

    What each asks for (`withdraw`, `open`, `share`), text and bytes.
    """
    languages = _compile_languages(vocabulary)
    for start, stop in lines:
        yield from _find_in_line(data, start, stop, languages)


def _find_in_line(
    data: bytes, start: int, stop: int, languages: tuple[_Language, ...]
) -> Iterator[tuple[str, str, int, int]]:
    line = data[start:stop].decode('utf-8', 'surrogateescape')
    before = data[max(0, start - _HEADING_REACH) : start].decode('utf-8', 'replace')
    for sentence in _SENTENCE.finditer(line):
        text = sentence.group()
        plain = _ID.sub(lambda name: '_' * len(name.group()), text)
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
    for language in languages:
        if language.question.search(text):
            continue
        if _asks_for_rights(text, before, language):
            return 'withdraw'
        if not _is_turned(text, language.open_denial, language):
            for what, forms in (('open', language.open), ('share', language.share)):
                if any(form.search(text) for form in forms):
                    return what
    return None


def _is_turned(text: str, denial: re.Pattern[str], language: _Language) -> bool:
    """Tell whether a sentence is denied, or only says what would be."""
    said = language.no_denial.sub(' ', text)
    if denial.search(said):
        return True
    return language.condition.search(language.no_condition.sub(' ', said)) is not None


def _asks_for_rights(text: str, before: str, language: _Language) -> bool:
    if language.risk.search(text) is None:
        return False
    item = _ITEM.match(text)
    is_ticked = item is not None and (item['box'] or '')[1:2] in ('x', 'X', '✓', '✔')
    body = text[item.end() :] if item is not None and is_ticked else text
    if _OFF.search(body) or _is_turned(body, language.denial, language):
        return False
    if any(_is_said(form, body, before, language) for form in language.says):
        return True
    if item is None:
        return False
    label = language.item.match(text[item.end() :].lstrip(_MARKUP))
    if label is None or not _is_label(text[item.end() :].lstrip(_MARKUP)[label.end() :]):
        return False
    return is_ticked or (not item['box'] and _is_below_heading(before, language))


def _is_label(rest: str) -> bool:
    """Tell whether nothing but the rest of a right's name follows: `Withdrawals (spot)`."""
    return len(rest.strip(_MARKUP)) <= _MAX_LABEL_CHARS or rest.strip(_MARKUP)[:1] in '(:-–—,&'


def _is_said(form: re.Pattern[str], text: str, before: str, language: _Language) -> bool:
    """Tell whether a form of the language is used of a right, not of a record of the account."""
    for match in form.finditer(text):
        if match['all'] is not None:
            if _KEY_TOPIC.search(text) or _KEY_TOPIC.search(before[-200:]):
                return True
        elif language.record_before is None or not language.record_before.search(
            text[: match.start('risk')]
        ):
            return True
    return False


def _is_below_heading(before: str, language: _Language) -> bool:
    """Tell whether the list above which an item stands is one of rights that are needed."""
    for line in reversed(before.splitlines()):
        if not line.strip():
            continue
        if _ITEM.match(line) is None or line.rstrip().endswith((':', '：')):
            return language.heading.search(line) is not None and not _is_turned(
                line, language.denial, language
            )
    return False

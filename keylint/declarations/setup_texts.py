"""Set-up texts and comments that tell the reader to enable withdrawals or to leave a key open.

What counts is the mood of a sentence: an order or a requirement is loud; a warning, a condition, a
question and a statement about somebody else are not. How each language says these things stands in
`rules/setup_texts.yaml`. `[X] Enable Withdrawals` among ticks means off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from keylint.core.lazy_patterns import defer_regex
from keylint.declarations.setup_languages import SetupLanguage, Vocabulary, read_setup_languages
from keylint.declarations.setup_moods import drop_conditions, is_turned
from keylint.declarations.setup_rights import asks_for_rights

# The number of an item ends no sentence.
_SENTENCE = defer_regex(
    r'(?:\A[ \t]*\d{1,2}\.[ \t])?[^\n.!?。！？]+'
    r'(?:[.!?](?![\s"\')\]*`]|$)[^\n.!?。！？]*)*[.!?。！？]?'
)
# Ids of rules, settings and classes: `key-can-withdraw` tells nobody anything.
_ID = defer_regex(r'(?<![A-Za-z0-9])[A-Za-z0-9]++(?:[-_][A-Za-z0-9]++){2,}+')
# The name of a site, whose dot ends no sentence: `Gate.io`, `Crypto.com`.
_SITE_DOT = defer_regex(r'(?<=[A-Za-z])\.(?=(?:io|com|us|net|org|fi|co)\b)')
_QUESTION = defer_regex(r'[?？]["\')*\s]*$')
# A line of a listing, as tools print a file, and a sentence that explains: "How far a right goes".
_TELLING = defer_regex(r'(?i)\s*\d+ [|│] |\W*how (?!to\b)\w')
_HEADING_REACH = 1500

_TOPIC_REACH = 300
# Words that nearly every sentence in English has, and none of the other languages.
_MIN_ENGLISH = 2
_ENGLISH = defer_regex(
    r'(?i)\b(?:the|your|this|and|for|with|of|to|is|are|must|you|it|an|we|be|from|ha(?:s|ve)|when'
    r'|that|not|its|will|should|can|needs?|please|only|never)\b'
)


def find_instructions(
    data: bytes, lines: Iterable[tuple[int, int]], vocabulary: Vocabulary
) -> Iterator[tuple[str, str, int, int]]:
    """Find sentences in `lines` (bytes) that ask for too much.

    What each asks for (`withdraw`, `open`, `share`), text and bytes.
    """
    languages = read_setup_languages(vocabulary)
    for start, stop in lines:
        yield from _find_in_line(data, start, stop, languages)


def _find_in_line(
    data: bytes, start: int, stop: int, languages: tuple[SetupLanguage, ...]
) -> Iterator[tuple[str, str, int, int]]:
    line = data[start:stop].decode('utf-8', 'surrogateescape')
    before = data[max(0, start - _HEADING_REACH) : start].decode('utf-8', 'replace')
    for sentence in _SENTENCE.finditer(line):
        text = sentence.group()
        plain = _ID.sub(lambda name: '_' * len(name.group()), _SITE_DOT.sub('_', text))
        context = before[-_TOPIC_REACH:] + line[: sentence.end()]
        what = _classify_sentence(plain, before, context, languages)
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


def _classify_sentence(
    text: str, before: str, context: str, languages: tuple[SetupLanguage, ...]
) -> str | None:
    """Classify a sentence: `withdraw`, `open`, `share`, or None for a harmless one.

    The lines `before` it say what a list is about, the `context` what the sentence is about.
    """
    if _QUESTION.search(text) or _TELLING.match(text):
        return None
    for language in _list_languages(text, languages):
        if language.search('question', text):
            continue
        main = drop_conditions(text, language)
        if not _is_denied_label(main, language, languages) and asks_for_rights(
            main, before, context, language
        ):
            return 'withdraw'
        if not is_turned(main, 'open_denial', language):
            for what in ('open', 'share'):
                if any(form.search(main) for form in language.list_forms(what)):
                    return what
    return None


def _list_languages(text: str, languages: tuple[SetupLanguage, ...]) -> list[SetupLanguage]:
    """List the languages in which a sentence may be meant.

    A label in English within a sentence of another language is not read alone: what is said of it
    stands in the other one.
    """
    if text.isascii() and len(_ENGLISH.findall(text)) >= _MIN_ENGLISH:
        return [language for language in languages if language.is_english]
    is_ascii = text.isascii()
    others = [
        language
        for language in languages
        if not language.is_english and not (is_ascii and language.is_of_other_script)
    ]
    if _ENGLISH.search(text) is None and any(
        language.search('denial', text) and (not is_ascii or language.has_word_in(text))
        for language in others
    ):
        return others
    return [language for language in languages if language.is_english] + others


def _is_denied_label(
    text: str, language: SetupLanguage, languages: tuple[SetupLanguage, ...]
) -> bool:
    """Tell whether a right stands there by its name in English, and is denied in English."""
    if language.is_english:
        return False
    named = language.search('risk', text)
    return (
        named is not None
        and named.group().isascii()
        and any(
            one.search('risk', named.group()) and is_turned(text, 'denial', one)
            for one in languages
            if one.is_english
        )
    )

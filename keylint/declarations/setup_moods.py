"""Tell whether a sentence of a set-up text is denied, or only says what would be."""

from __future__ import annotations

from keylint.core.lazy_patterns import defer_regex
from keylint.declarations.setup_languages import SetupLanguage

# What ends a clause.
_CLAUSE_END = defer_regex(r'[,，、;；:：—–(（]')
_MAX_CONDITIONS = 3
MARKUP = '*_`"\'#>~ \t'


def drop_conditions(text: str, language: SetupLanguage) -> str:
    """Drop the clauses that say when an order holds: `if your address changes, leave …`.

    A clause that names the right itself stays, and so does one at the end.
    """
    (no_condition,) = language.list_forms('no_condition')
    for _ in range(_MAX_CONDITIONS):
        said = no_condition.sub(lambda match: ' ' * len(match.group()), text)
        condition = language.search('condition', said)
        if condition is None:
            break
        start = max(
            (mark.end() for mark in _CLAUSE_END.finditer(text, 0, condition.start())), default=0
        )
        stop = condition.end()
        if not language.ends_with_verb:
            mark = _CLAUSE_END.search(text, stop)
            stop = len(text) if mark is None else mark.end()
        if not text[stop:].strip(MARKUP) or language.search('risk', text[start:stop]):
            break
        text = text[:start] + text[stop:]
    return text


def is_turned(text: str, denial: str, language: SetupLanguage) -> bool:
    """Tell whether a sentence is denied, or only says what would be."""
    (no_denial,), (no_condition,) = map(language.list_forms, ('no_denial', 'no_condition'))
    said = no_denial.sub(' ', text)
    if language.search(denial, said):
        return True
    return language.search('condition', no_condition.sub(' ', said)) is not None

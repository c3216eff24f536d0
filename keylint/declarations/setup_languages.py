"""The forms in which one language asks for rights in set-up texts, from `rules/setup_texts.yaml`.

Each is a regular expression, made of the words of the language when it is first asked for.
"""

from __future__ import annotations

import re
from functools import lru_cache

from keylint.core.regex_cache import compile_once

# What stands between the words of a right and of what is done with it: part of a sentence.
_GAP = r'[^.;!?\n。！？；]'
# How a right is asked for in any language, from its words for acts, needs, states and rights. The
# first two are orders, the others statements of what a key needs or has.
_FREE_FORMS = (
    f'(?P<act>{{act}}){_GAP}{{0,90}}?{{risk}}',
    f'{{risk}}{_GAP}{{0,60}}?(?P<act>{{act_behind}})',
    f'(?P<need>{{need}}){_GAP}{{0,80}}?{{risk}}',
    f'{{risk}}{_GAP}{{0,50}}?(?P<need>{{need_behind}})',
    r'{risk}(?P<mark>\W{0,6}(?:{right})?\W{0,4}'
    r'(?:[:=：—–→-]\s*\W{0,3}(?:{granted})|[✅✓✔☑]|\[[xX✓✔]\]))',
    r'(?P<mark>[✅☑✔✓][\s*_`"“「«\[\]️]{0,5}(?:[\w]+\s){0,2}?){risk}',
    f'(?P<mark>(?:{{right}})[^:：→>\\n]{{0,50}}[:：→>]){_GAP}{{0,90}}?{{risk}}',
)
_FREE_WORDS = ('act', 'act_behind', 'need', 'need_behind', 'granted', 'right')
_OWN_WORDS = ('act', 'act_behind', 'need', 'need_behind', 'right')
_NEVER = r'(?!)'
# Languages with letters of their own: a text of ASCII is in none of them.
_OTHER_SCRIPTS = frozenset(('ru', 'zh', 'ja', 'ko'))
# In these a condition stands at the end of its clause.
_VERB_LAST = frozenset(('ja', 'ko', 'tr'))
Vocabulary = tuple[tuple[tuple[str, tuple[str, ...]], ...], ...]


class SetupLanguage:
    """The forms of one language, each compiled when it is first asked for."""

    def __init__(self, forms: dict[str, tuple[str, ...]], english_record: str) -> None:
        one = {name: texts[0] for name, texts in forms.items() if texts}
        # Labels in English stand in texts of all languages.
        records = f'{one["record"]}|(?<=[a-z])(?:{english_record})'
        risk = f'(?:(?P<risk>{one["risk"]})(?!{records})|(?P<all>{one["all"]}))'
        self._macros = {
            '{risk}': risk,
            **{f'{{{name}}}': one.get(name, _NEVER) for name in _FREE_WORDS},
            '{order}': one['order'],
            '{start}': one['start'],
            '{ip}': f'(?:{one["ip"]})',
        }
        self._texts = {
            **forms,
            'risk': ('{risk}',),
            'item': (r'(?:{order})?\W{0,3}(?:the |a )?{risk}',),
            'free': _FREE_FORMS,
            'free_needs': tuple(form for form in _FREE_FORMS if '{need_behind}' in form),
            'clause': forms.get('clause', (r'[:;：；—–]|,\s',)),
            'led': tuple(f'(?:{text})[\\s"\'*`“]*$' for text in forms.get('led', ())),
            'record_before': tuple(f'(?:{text})$' for text in forms.get('record_before', ())),
        }
        self._compiled: dict[str, tuple[re.Pattern[str], ...]] = {}
        self.is_of_other_script = one['id'] in _OTHER_SCRIPTS
        self.ends_with_verb = one['id'] in _VERB_LAST
        self.is_english = one['id'] == 'en'

    def list_forms(self, name: str) -> tuple[re.Pattern[str], ...]:
        """List the forms of a name: none where the language has none."""
        if name not in self._compiled:
            self._compiled[name] = tuple(map(self._compile, self._texts.get(name, ())))
        return self._compiled[name]

    def search(self, name: str, text: str) -> re.Match[str] | None:
        """Search a text for the only form of a name."""
        (form,) = self.list_forms(name)
        return form.search(text)

    def names_needs(self, head: str) -> bool:
        """Tell whether the head of a table is about rights that are needed."""
        return all(
            any(form.search(head) for form in self.list_forms(name)) for name in ('right', 'need')
        )

    def is_yes(self, cell: str) -> bool:
        """Tell whether a cell of a table says yes."""
        return any(form.fullmatch(cell) for form in self.list_forms('granted'))

    def has_word_in(self, text: str) -> bool:
        """Tell whether a text has a word of the language's own for acts, needs or rights."""
        return any(form.search(text) for name in _OWN_WORDS for form in self.list_forms(name))

    def _compile(self, text: str) -> re.Pattern[str]:
        for name, meaning in self._macros.items():
            text = text.replace(name, meaning)
        return compile_once(text, re.IGNORECASE)


@lru_cache(maxsize=4)
def read_setup_languages(vocabulary: Vocabulary) -> tuple[SetupLanguage, ...]:
    """Read the languages of the vocabulary, once for all texts."""
    tables = [dict(language) for language in vocabulary]
    (record,) = next(table['record'] for table in tables if table['id'] == ('en',))
    return tuple(SetupLanguage(table, record) for table in tables)

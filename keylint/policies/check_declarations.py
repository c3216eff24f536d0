"""Check what a file declares about keys.

Read each fragment, and hold every declaration against the policies.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from keylint.core.config import Config
from keylint.core.key_model import DeclarationResult, Violation
from keylint.core.model import Fragment, KeyDeclaration
from keylint.declarations.extract import find_declarations
from keylint.declarations.relevance import find_sentences, may_declare, may_make_keys
from keylint.declarations.setup_texts import find_instructions
from keylint.matcher.match import DECLARATION_KINDS, PatternKind, list_kinds, select_matches
from keylint.policies.key_policies import check_declaration
from keylint.policies.violations import make_violation
from keylint.readers.document import Document
from keylint.readers.formats import FORMATS, Format
from keylint.readers.parsed import ParsedText
from keylint.readers.python_ast import ENDLESS, has_endless_name
from keylint.readers.tree import PartlyReadError
from keylint.rules.rule_set import RuleSet

_TEXT_RULE = 'setup-text-weakens-key'
# Sentences of one file: each takes some kilobytes, in memory and in a report.
_MAX_SENTENCES = 10_000
_MAX_QUOTE_CHARS = 160
_MESSAGES = {
    'withdraw': 'It asks for a right that no trading bot needs: "{}".',
    'open': 'It asks for a key that works from anywhere: "{}".',
}


def check_declarations(
    document: Document, fragments: Sequence[Fragment], pack: RuleSet, config: Config
) -> DeclarationResult:
    """Read the declarations of all fragments of a document and check each."""
    kinds = list_kinds(document.matches)
    violations: list[Violation] = []
    sentences: list[Violation] = []
    declarations: list[tuple[int, KeyDeclaration]] = []
    unread = ''
    for number, fragment in enumerate(fragments):
        found, why = _read_fragment(document, fragment, kinds, pack)
        unread = unread or why
        for declaration in found:
            declarations.append((number, declaration))
            broken = check_declaration(declaration, document.name, pack, config)
            violations += [violation._replace(fragment=number) for violation in broken]
        own = document.matches
        if fragment.data is not document.data and 'sentence' in kinds:
            own = pack.matcher.find_matches(fragment.data)
        form = document.format if fragment.cell is None else FORMATS['md']
        lines = find_sentences(fragment.data, form, own)
        if lines:
            wanted = _MAX_SENTENCES + 1 - len(sentences)
            sentences += _check_sentences(fragment, number, lines, pack, wanted)
    if len(sentences) > _MAX_SENTENCES and not unread:
        unread = (
            f'more than {_MAX_SENTENCES} sentences about the rights of keys: '
            'the others are not reported'
        )
    return DeclarationResult(
        (*violations, *sentences[:_MAX_SENTENCES]), tuple(declarations), unread
    )


def _check_sentences(
    fragment: Fragment, number: int, lines: list[tuple[int, int]], pack: RuleSet, max_sentences: int
) -> list[Violation]:
    """Find the first sentences that tell the reader to weaken a key."""
    found = []
    for what, text, start, end in islice(find_instructions(fragment.data, lines), max_sentences):
        quote = text[:_MAX_QUOTE_CHARS]
        violation = make_violation(pack, _TEXT_RULE, 'else', _MESSAGES[what].format(quote))
        found.append(violation._replace(fragment=number, start=start, end=end, quote=quote))
    return found


def _format_of(document: Document, fragment: Fragment) -> Format:
    """Return the format of a fragment: a cell of a notebook is a program or a text."""
    if fragment.cell is None:
        return document.format
    return FORMATS['py' if fragment.cell.part == 'source' else 'txt']


def _read_fragment(
    document: Document, fragment: Fragment, kinds: frozenset[PatternKind], pack: RuleSet
) -> tuple[list[KeyDeclaration], str]:
    """Read the declarations of a fragment.

    Also say why some of it could not be read as a document.
    """
    form = _format_of(document, fragment)
    text = document if fragment.data is document.data else ParsedText(fragment.data)
    found: list[KeyDeclaration] = []
    unread = ''
    try:
        if may_declare(form, kinds):
            places = _list_places(document, fragment, pack)
            found = find_declarations(text, form, document.name, pack, places)
    except PartlyReadError as error:
        found, unread = list(error.found), str(error)
    if form.language == 'python':
        found = [_without_variables(declaration, fragment.data) for declaration in found]
    if may_make_keys(form, kinds):
        found = _with_key_creation(found, fragment.data, pack)
        if has_endless_name(fragment.data):
            unread = unread or ENDLESS
    return found, unread


def _list_places(document: Document, fragment: Fragment, pack: RuleSet) -> list[int]:
    """List the offsets at which a fragment speaks of permissions or addresses, in order."""
    if fragment.data is document.data:
        matches = document.matches
    else:
        matches = pack.matcher.find_matches(fragment.data)
    return [match.end for match in select_matches(matches, DECLARATION_KINDS)]


def _with_key_creation(
    found: list[KeyDeclaration], data: bytes, pack: RuleSet
) -> list[KeyDeclaration]:
    """Add what calls that make keys declare, instead of what was read within their arguments."""
    from keylint.api_usage.key_creation import find_key_creation  # noqa: PLC0415 - loads libcst

    made = find_key_creation(data, pack)
    outside = [
        one
        for one in found
        if not any(call.start <= one.start and one.end <= call.end for call in made)
    ]
    return outside + made


def _without_variables(declaration: KeyDeclaration, data: bytes) -> KeyDeclaration:
    """Drop a program's variables from the addresses: they are filled when the program runs."""
    text = data[declaration.start : declaration.end]
    quoted = rb'["\'](?:[^"\'\n:]*,\s*)?%s(?:\s*,[^"\'\n]*)?["\'](?!\s*:)'
    variables = {
        one
        for one in declaration.addresses
        if one.isidentifier() and not re.search(quoted % re.escape(one.encode()), text)
    }
    if not variables:
        return declaration
    addresses = tuple(one for one in declaration.addresses if one not in variables)
    return declaration._replace(
        addresses=addresses, restriction='listed' if addresses else 'placeholder'
    )

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
from keylint.core.packages import is_installed_package
from keylint.core.paths import is_test
from keylint.declarations.careless_code import find_careless_code
from keylint.declarations.extract import find_declarations
from keylint.declarations.inventory_rows import add_inventory_rows
from keylint.declarations.issuers import list_exchange_hosts, names_exchange
from keylint.declarations.relevance import (
    find_sentences,
    may_be_careless,
    may_declare,
    may_make_keys,
)
from keylint.declarations.setup_texts import find_instructions
from keylint.declarations.spoken_places import list_places
from keylint.matcher.match import Match, list_kinds
from keylint.policies.key_policies import check_declaration
from keylint.policies.violations import make_violation
from keylint.readers.document import Document
from keylint.readers.formats import FORMATS, Format
from keylint.readers.parsed import ParsedText
from keylint.readers.python_ast import ENDLESS, has_endless_name
from keylint.readers.tree import PartlyReadError
from keylint.rules.rule_set import RuleSet

_TEXT_RULE, _SHARE_RULE = 'setup-text-weakens-key', 'setup-text-asks-for-key'
# Sentences of one file: each takes some kilobytes, in memory and in a report.
_MAX_SENTENCES = 10_000
# A text with as many keys in it is a copy of an exchange's documentation, which shows answers.
_MIN_MANUAL_ANSWERS = 6
_MAX_QUOTE_CHARS = 160
_MAX_CARELESS = 200
_CARELESS = {
    'plain': ('code-insecure-connection', 'It sends to {} without TLS.'),
    'unverified': ('code-insecure-connection', 'It accepts any certificate: {}.'),
    'printed': ('code-prints-secret', 'It prints {}.'),
    'shown': ('code-prints-secret', 'It prints {}.'),
}
_MESSAGES = {
    'withdraw': 'It asks for a right that no trading bot needs: "{}".',
    'open': 'It asks for a key that works from anywhere: "{}".',
    'share': 'It asks for the key itself: "{}".',
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
        matches = _list_matches(document, fragment, pack)
        found, why = _read_fragment(document, fragment, matches, pack)
        unread = unread or why
        if number == 0 and config.is_inventory(document.path):
            found = add_inventory_rows(document, found, bool(config.inventory), pack)
        form = document.format if fragment.cell is None else FORMATS['md']
        is_prose = form.comments == 'all'
        is_manual = (is_prose and len(found) >= _MIN_MANUAL_ANSWERS) or (
            is_test(document.name) and (is_prose or form.language is not None)
        )
        for declaration in found:
            declarations.append((number, declaration))
            broken = check_declaration(declaration, document.name, pack, config, is_manual)
            violations += [violation._replace(fragment=number) for violation in broken]
        violations += _check_carelessness(document, fragment, number, matches, pack)
        lines = find_sentences(fragment.data, form, matches if 'sentence' in kinds else ())
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
    instructions = find_instructions(fragment.data, lines, pack.setup_texts)
    for what, text, start, end in islice(instructions, max_sentences):
        quote = text[:_MAX_QUOTE_CHARS]
        rule = _SHARE_RULE if what == 'share' else _TEXT_RULE
        violation = make_violation(pack, rule, 'else', _MESSAGES[what].format(quote))
        found.append(violation._replace(fragment=number, start=start, end=end, quote=quote))
    return found


def _check_carelessness(
    document: Document, fragment: Fragment, number: int, matches: Sequence[Match], pack: RuleSet
) -> list[Violation]:
    """Find code that sends a key where others read it, or prints its secret."""
    kinds = list_kinds(document.matches)
    is_program = may_be_careless(_format_of(document, fragment), kinds)
    if not is_program or is_installed_package(document.name):
        return []
    named = names_exchange(fragment.data, document.name, pack)
    hosts = list_exchange_hosts(pack)
    ends = [match.end for match in matches if match.pattern.kind == 'careless']
    found = []
    for what, text, start, end in find_careless_code(fragment.data, ends, hosts, named):
        rule, message = _CARELESS[what]
        if what == 'printed' and fragment.cell is not None:
            what = 'shown'
        case = 'test' if is_test(document.name) and what != 'shown' else what
        violation = make_violation(pack, rule, case, message.format(text[:_MAX_QUOTE_CHARS]))
        found.append(violation._replace(fragment=number, start=start, end=end, quote=text))
    return found[:_MAX_CARELESS]


def _format_of(document: Document, fragment: Fragment) -> Format:
    """Return the format of a fragment: a cell of a notebook is a program or a text."""
    if fragment.cell is None:
        return document.format
    return FORMATS['py' if fragment.cell.part == 'source' else 'txt']


def _read_fragment(
    document: Document, fragment: Fragment, matches: Sequence[Match], pack: RuleSet
) -> tuple[list[KeyDeclaration], str]:
    """Read the declarations of a fragment, whose own matches are given.

    Also say why some of it could not be read as a document.
    """
    kinds = list_kinds(document.matches)
    form = _format_of(document, fragment)
    text = document if fragment.data is document.data else ParsedText(fragment.data)
    found: list[KeyDeclaration] = []
    unread = ''
    try:
        if may_declare(form, kinds):
            places = list_places(fragment.data, form, matches, pack)
            found = find_declarations(text, form, document.name, pack, places)
    except PartlyReadError as error:
        found, unread = list(error.found), str(error)
    if form.language:
        found = [_without_variables(declaration, fragment.data) for declaration in found]
    if may_make_keys(form, kinds):
        found = _with_key_creation(found, fragment.data, pack, document.name)
        if has_endless_name(fragment.data):
            unread = unread or ENDLESS
    return found, unread


def _list_matches(document: Document, fragment: Fragment, pack: RuleSet) -> Sequence[Match]:
    if fragment.data is document.data:
        return document.matches
    return pack.matcher.find_matches(fragment.data)


def _with_key_creation(
    found: list[KeyDeclaration], data: bytes, pack: RuleSet, path: str
) -> list[KeyDeclaration]:
    """Add what calls that make keys declare, instead of what was read within their arguments.

    And instead of what the texts and objects say that are given to them.
    """
    from keylint.api_usage.key_creation import find_key_creation  # noqa: PLC0415 - loads ast

    made = find_key_creation(data, pack, path)
    said = {(call.issuer, call.permissions, call.label) for call in made}
    outside = [
        one
        for one in found
        if (one.issuer, one.permissions, one.label) not in said
        and not any(call.start <= one.start and one.end <= call.end for call in made)
    ]
    return outside + made


def _is_expression(text: str) -> bool:
    """Tell whether a text is a name, or a member of one."""
    return all(part.isidentifier() for part in text.split('.'))


def _without_variables(declaration: KeyDeclaration, data: bytes) -> KeyDeclaration:
    """Drop a program's variables from the addresses: they are filled when the program runs."""
    text = data[declaration.start : declaration.end]
    quoted = rb'["\'](?:[^"\'\n:]*,\s*)?%s(?:\s*,[^"\'\n]*)?["\'](?!\s*:)'
    variables = {
        one
        for one in declaration.addresses
        if _is_expression(one) and not re.search(quoted % re.escape(one.encode()), text)
    }
    if not variables:
        return declaration
    addresses = tuple(one for one in declaration.addresses if one not in variables)
    return declaration._replace(
        addresses=addresses, restriction='listed' if addresses else 'placeholder'
    )

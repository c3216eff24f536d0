"""A file's declarations judged: every policy that one of them breaks becomes a statement with texts filled in."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from keylint.core.config import Config
from keylint.core.model import Fragment, KeyDeclaration, Keys, Statement
from keylint.declarations.extract import find_declarations
from keylint.declarations.relevance import find_sentences, may_declare, may_make_keys
from keylint.matcher.match import PatternKind, list_kinds
from keylint.policies.key_policies import verdicts
from keylint.readers.document import Document
from keylint.readers.formats import FORMATS, Format
from keylint.readers.parsed import ParsedText
from keylint.readers.tree import Unread
from keylint.rules.rule_set import Pack

TEXT_RULE = 'setup-text-weakens-key'
# What a day changes in a statement about an old key.
_AGE = re.compile(r'(?<!\d)\d{1,9} days before [\d-]+')
# Sentences of one file: each takes some kilobytes, in memory and in a report.
_MOST = 10_000
_LOWERED = {'critical': 'medium', 'high': 'medium', 'medium': 'low'}


def keys_of(document: Document, fragments: list[Fragment], pack: Pack, config: Config) -> Keys:
    """Declarations and statements of all fragments of a document."""
    path, data, matches = document.name, document.data, document.matches
    kinds = list_kinds(matches)
    statements: list[Statement] = []
    told: list[Statement] = []
    declarations: list[tuple[int, KeyDeclaration]] = []
    unread = ''
    for number, fragment in enumerate(fragments):
        found, why = _declared(document, fragment, kinds, pack)
        unread = unread or why
        for said in found:
            declarations.append((number, said))
            broken = verdicts(
                said, path, pack, config.limits(pack.tables['policies']['thresholds']), config.day()
            )
            statements += [
                statement(v.rule, v.case, v.message, number, said.place(v.topic), said, pack)
                for v in broken
            ]
        own = matches
        if fragment.data is not data and 'sentence' in kinds:
            own = pack.matcher.find_matches(fragment.data)
        form = document.format if fragment.cell is None else FORMATS['md']
        lines = find_sentences(fragment.data, form, own)
        if lines:
            told += _instructions(fragment, number, lines, pack, _MOST + 1 - len(told))
    if len(told) > _MOST:
        unread = (
            unread
            or f'more than {_MOST} sentences about the rights of keys: the others are not reported'
        )
    return Keys((*statements, *told[:_MOST]), tuple(declarations), unread)


_LONGEST_QUOTE = 160
_TOLD = {
    'withdraw': 'It asks for a right that no trading bot needs: "{}".',
    'open': 'It asks for a key that works from anywhere: "{}".',
}


def _instructions(
    fragment: Fragment, number: int, lines: list[tuple[int, int]], pack: Pack, most: int
) -> list[Statement]:
    """The first sentences that tell the reader to weaken a key."""
    from keylint.declarations.setup_texts import instructions  # noqa: PLC0415 - only where the gate saw such words

    found = []
    for what, text, start, end in islice(instructions(fragment.data, lines), most):
        quote = text[:_LONGEST_QUOTE]
        found.append(
            statement(
                TEXT_RULE, 'else', _TOLD[what].format(quote), number, (start, end), None, pack
            )._replace(quote=quote)
        )
    return found


def _format_of(document: Document, fragment: Fragment) -> Format:
    """The format of a fragment: a cell of a notebook is a program or a text."""
    if fragment.cell is None:
        return document.format
    return FORMATS['py' if fragment.cell.part == 'source' else 'txt']


def _declared(
    document: Document, fragment: Fragment, kinds: frozenset[PatternKind], pack: Pack
) -> tuple[list[KeyDeclaration], str]:
    """The declarations of a fragment, and why some of it could not be read as a document."""
    form = _format_of(document, fragment)
    text = document if fragment.data is document.data else ParsedText(fragment.data)
    found: list[KeyDeclaration] = []
    unread = ''
    try:
        if may_declare(form, kinds):
            found = find_declarations(text, form, document.name, pack)
    except Unread as error:
        found, unread = list(error.found), str(error)
    if form.language == 'python':
        found = [_known(said, fragment.data) for said in found]
    if may_make_keys(form, kinds):
        from keylint.api_usage.key_creation import calls  # noqa: PLC0415 - libcst: only where a call that makes keys was seen

        made = calls(fragment.data, pack)
        inner = [(call.start, call.end) for call in made]
        found = [
            said
            for said in found
            if not any(start <= said.start and said.end <= end for start, end in inner)
        ] + made
    return found, unread


def _known(said: KeyDeclaration, data: bytes) -> KeyDeclaration:
    """The declaration of a program: a name where an address belongs is filled when the program runs."""
    text = data[said.start : said.end]
    quoted = rb'["\'](?:[^"\'\n:]*,\s*)?%s(?:\s*,[^"\'\n]*)?["\'](?!\s*:)'
    named = [
        one
        for one in said.addresses
        if one.isidentifier() and not re.search(quoted % re.escape(one.encode()), text)
    ]
    if not named:
        return said
    rest = tuple(one for one in said.addresses if one not in named)
    return said._replace(addresses=rest, restriction='listed' if rest else 'later')


def statement(
    rule: str,
    case: str,
    message: str,
    fragment: int,
    span: tuple[int, int],
    said: KeyDeclaration | None,
    pack: Pack,
    issuer: str | None = None,
) -> Statement:
    """The statement that a policy makes, its texts filled with the exchange's own words."""
    policy = pack.policies[rule]
    words = _words(said.issuer if said else issuer, pack)
    severity = policy['severity'].get(case, policy['severity']['else'])
    if said is not None and said.environment == 'testnet':
        severity = _LOWERED.get(severity, severity)
    why = ' '.join(policy['why'].format(**words).split())
    whose = '|'.join(
        [said.issuer or '', said.account, said.label, said.document] if said else [issuer or '']
    )
    title = policy['title'].format(**words)
    label = f' "{said.label}"' if said is not None and said.label else ''
    return Statement(
        rule=rule,
        severity=severity,
        title=title[:1].upper() + title[1:] + label,
        message=f'{message} {why}',
        do=tuple(step.format(**words) for step in policy['do']),
        fragment=fragment,
        start=span[0],
        end=span[1],
        said=said,
        identity=f'{rule}|{whose}|{_AGE.sub("", message)}',
    )


def _words(issuer: str | None, pack: Pack) -> dict[str, str]:
    """The exchange's own words for what the texts speak of."""
    table: dict[str, Any] = pack.declared.get(
        issuer or '', {'name': 'exchange', 'permissions': [], 'ip': None}
    )
    rule = pack.rules.get(issuer or '', {})
    ip = table['ip'] or {}
    return {
        'name': table['name'],
        'manage': rule.get('manage') or f'the key page of {table["name"]}',
        'withdraw': _label('withdraw', table, 'Withdraw'),
        'transfer': _label('transfer', table, 'Transfer'),
        'admin': _label('admin', table, 'Manage API keys'),
        'ip': ip.get('ui') or 'IP whitelist',
        'unrestricted': ip.get('unrestricted') or '',
    }


def _label(level: str, table: dict[str, Any], default: str) -> str:
    """The label of the vendor's own page for a right, else its word for it."""
    rows = [(word, label) for word, levels, label, _ in table['permissions'] if level in levels]
    return next((label for _, label in rows if label), rows[0][0] if rows else default)

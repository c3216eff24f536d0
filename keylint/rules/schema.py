"""The fields of a dossier and of the file with its examples.

docs/dossier.schema.json and docs/dossier-examples.schema.json are generated from these tables.
"""

from __future__ import annotations

import os
import re
from typing import get_args

from keylint.core.lazy_typing import resolve_hint
from keylint.core.names import squeeze_name
from keylint.core.terms import PART_KINDS, SEVERITIES, IssuerKind
from keylint.rules.box_schema import KEY_PAGE
from keylint.rules.declared_schema import (
    ASK,
    CALL,
    CONFIDENCES,
    DOCUMENT,
    IP,
    PERMISSION,
    check_declared,
)
from keylint.rules.form import Field, Form, Table, list_tables

KINDS = get_args(resolve_hint(IssuerKind))
TEST_ENVIRONMENTS = ('testnet', 'paper')
ENVIRONMENTS = ('live', *TEST_ENVIRONMENTS)
STATUSES = ('live', 'closed')

_CONTEXT = {
    'imports': Field('texts', 'module names of its SDKs: Python, JavaScript, Go'),
    'hosts': Field('texts', 'API hosts, without scheme and path'),
    'strings': Field('texts', 'header names and other literals that nobody else uses'),
}
CREDENTIAL = {
    'role': Field('choice', 'which part of the credential this is', True, PART_KINDS),
    'shape': Field(
        'pattern',
        'regular expression of the whole value: no anchors, look-around or back-references',
        True,
    ),
    'confidence': Field(
        'choice',
        'documented by the vendor, seen in several public files, or '
        'inferred: an inferred shape never fires without context',
        choices=CONFIDENCES,
        default='documented',
    ),
    'names': Field('texts', 'names of this part that the general vocabulary does not understand'),
    'alone': Field(
        'switch',
        'the shape names its issuer by itself (a prefix, a host), so that it fires anywhere',
    ),
    'within': Field('pattern', 'with alone: what must be around the value, which is the one group'),
    'files': Field('texts', 'with alone: names of the only files in which the shape counts'),
    'whole': Field(
        'switch',
        'this shape is the whole credential, although the issuer has keys of several parts as well',
    ),
    'needs_issuer': Field(
        'switch',
        'values of others have this shape as well, and pass the check: a word, a host or an import '
        'of this issuer must be in the file',
    ),
    'check': Field('check', 'a row of keylint/validators: a checksum, a curve order'),
    'environment': Field(
        'choice',
        'the shape says by itself that it is a test credential, or that it is none',
        choices=ENVIRONMENTS,
    ),
    'published': Field('texts', 'values that the vendor prints in its documentation: never a leak'),
    'source': Field('text', 'where this is known from: a page, a file of an SDK'),
    'note': Field('text', 'what else a reader of the dossier should know'),
}
_ENVIRONMENT = {
    'words': Field('texts', 'words in names that mark a test credential'),
    'hosts': Field('texts', 'hosts of the system'),
    'switches': Field(
        'texts',
        "settings and arguments by which the vendor's SDKs choose it: a name that is switched on, "
        'or name=value',
    ),
    'constants': Field('texts', "names of constants by which the vendor's SDKs choose it"),
    'same_keys': Field(
        'switch', 'the same keys open the live system: the environment is never more than likely'
    ),
}
_HELP = {
    'why': Field('text', 'why a leak matters, where the text of the kind does not fit'),
    'manage': Field('text', 'the page where keys are made and deleted'),
    'docs': Field('text', "the vendor's documentation"),
    'revoke': Field('texts', "how a key is revoked, in order, in the vendor's own words", True),
    'note': Field('text', 'where the steps are known from'),
}
_FILE = Field('text', 'name of the file, which decides how it is read', True)
_TEXT = Field('text', 'the text of the file, with recipes such as {alnum:64} for values', True)
_LOUD = {
    'file': _FILE,
    'roles': Field('choices', 'the parts that the one finding must have', True, PART_KINDS),
    'environment': Field(
        'choice',
        'the environment that the finding must have',
        choices=('live', *TEST_ENVIRONMENTS, 'unknown'),
    ),
    'by_name': Field(
        'choices',
        "parts that only their name tells: their values have none of the dossier's shapes",
        choices=PART_KINDS,
    ),
    'issuer': Field('unused', ''),
    'text': _TEXT,
}
_DECLARATION = {
    'file': _FILE,
    'rules': Field('texts', 'exactly the rules on rights and addresses that must fire', True),
    'text': _TEXT,
}
EXAMPLES = {
    'loud': Field('tables', 'must be found', True, fields=_LOUD),
    'silent': Field(
        'tables', 'must not be found by any rule', True, fields={'file': _FILE, 'text': _TEXT}
    ),
    'declarations': Field('tables', 'what keys may do, as files declare it', fields=_DECLARATION),
}
DOSSIER = {
    'id': Field('text', "the file's name without .yaml, in kebab-case: acme", True),
    'name': Field('text', 'the issuer, as it writes itself', True),
    'kind': Field(
        'choice',
        'what the issuer is; the default in folders called exchanges and '
        'wallets is exchange and wallet',
        choices=KINDS,
    ),
    'status': Field(
        'choice', 'closed: the venue is shut, severity drops', choices=STATUSES, default='live'
    ),
    'id_is_alias': Field(
        'switch',
        'false where the id is no name of the issuer in code, because '
        'it is a common word or a description',
        default=True,
    ),
    'aliases': Field(
        'words',
        'further names in code, ccxt ids and file names: one word each, '
        'lower case letters and digits',
    ),
    'prefixes': Field(
        'texts',
        'words, too short for aliases, with which only its own names begin: a name of a part that '
        'begins with one names the issuer, all other names only help values of the right shape',
    ),
    'context': Field(
        'table', 'literals that point to the issuer in the same file', fields=_CONTEXT
    ),
    'credentials': Field(
        'tables',
        'one entry for each part and for each shape that it has had',
        True,
        fields=CREDENTIAL,
    ),
    'complete': Field(
        'texts',
        'sets of parts that open an account together, such as `token + secret`; without them '
        'worked out from the roles: a key id with its secret and passphrase, a wallet key alone',
    ),
    'environments': Field(
        'named-tables',
        'how test credentials give themselves away; only issuers whose test credentials are of '
        'no use in the live system have any. live: what speaks against it',
        choices=ENVIRONMENTS,
        fields=_ENVIRONMENT,
    ),
    'permissions': Field(
        'tables', "the vendor's words for rights, with keylint's levels", fields=PERMISSION
    ),
    'key_page': Field('table', 'how a key is made', fields=KEY_PAGE),
    'ip': Field('table', 'how keys are bound to addresses', fields=IP),
    'documents': Field(
        'tables', 'saved answers and requests that say what a key may do', fields=DOCUMENT
    ),
    'creates_keys': Field('tables', 'calls that create or edit keys', fields=CALL),
    'asks': Field(
        'tables', 'requests by which an owner asks what a key of theirs may do', fields=ASK
    ),
    'help': Field('table', 'what to do about a leak', True, fields=_HELP),
    'examples': Field(
        'table', 'only in dossiers of one file: else they are in ID.examples.yaml', fields=EXAMPLES
    ),
    'notes': Field('texts', 'facts that fit nowhere else'),
    'sources': Field('texts', 'where all this is known from'),
}
ID = re.compile(r'[a-z0-9]+(?:-[a-z0-9]+)*')
_CASES = ('complete', 'secret', 'key')


def check_dossier(document: object, file: str, checks: frozenset[str]) -> tuple[Table, Form]:
    """Return the definition with its defaults filled in, and the form with all its mistakes."""
    stem = os.path.splitext(os.path.basename(file))[0]
    name = document.get('id', '?') if isinstance(document, dict) else '?'
    form = Form(file, f"rule '{name}'")
    top = form.read_table(document, _with_checks(checks), what='the dossier')
    given = top.get('id')
    if isinstance(given, str) and not ID.fullmatch(given):
        form.complain(('id',), "id must be in kebab-case (letters, digits, '-')")
    elif 'id' in top and given != stem:
        form.complain(('id',), f"id must be the file's name, '{stem}'")
    _fill_kind(form, top, file)
    _fill_aliases(top)
    for number, entry in enumerate(list_tables(top, 'credentials')):
        _check_credential(form, entry, ('credentials', number))
    _check_complete(form, top)
    check_declared(form, top)
    return top, form


def _with_checks(checks: frozenset[str]) -> dict[str, Field]:
    """Return the table of a dossier with the names that `check` may have."""
    names = CREDENTIAL['check']._replace(form='choice', choices=tuple(sorted(checks)))
    entry = DOSSIER['credentials']._replace(fields={**CREDENTIAL, 'check': names})
    return {**DOSSIER, 'credentials': entry}


def _fill_kind(form: Form, top: Table, file: str) -> None:
    """Take the kind from the folder's name (exchanges, wallets) if the dossier gives none."""
    kind = os.path.basename(os.path.dirname(os.path.abspath(file))).removesuffix('s')
    if 'kind' not in top and kind in KINDS:
        top['kind'] = kind
    elif 'kind' not in top:
        form.complain((), "the dossier lacks the key 'kind'")


def _fill_aliases(top: Table) -> None:
    """Add the id, as names in code write it, to the aliases."""
    given = top.get('aliases', [])
    if not isinstance(given, list):
        return  # the table reports it
    own = squeeze_name(str(top.get('id', '')))
    is_own = top.get('id_is_alias') and own not in map(squeeze_name, map(str, given))
    top['aliases'] = [own, *given] if is_own else given


def _check_credential(form: Form, entry: Table, path: tuple[str, int]) -> None:
    key = f'{path[0]}[{path[1]}]'
    within = entry.get('within', '()')
    try:
        groups = re.compile(within).groups if isinstance(within, str) else 1
    except re.error:
        groups = 1  # the pattern itself is reported
    if groups != 1:
        form.complain((*path, 'within'), f'{key}.within must have one group: the value')
    if entry.get('alone') and entry.get('confidence') == 'inferred':
        form.complain((*path, 'alone'), f'{key}: an inferred shape cannot be alone')


def _check_complete(form: Form, top: Table) -> None:
    """Complain about sets of parts that name a part without an entry."""
    roles = [entry.get('role') for entry in list_tables(top, 'credentials')]
    given = top.get('complete')
    if not isinstance(given, list):
        return
    for text in given:
        for part in str(text).split('+'):
            if part.strip() not in roles:
                form.complain(
                    ('complete',),
                    f"complete names the part '{part.strip()}', which no entry of credentials has",
                )


def check_examples(document: object, file: str) -> tuple[Table, Form]:
    """Return a dossier's examples and the form with all their mistakes."""
    form = Form(file)
    return form.read_table(document, EXAMPLES, what='the file'), form


def check_kinds(document: object, file: str) -> Form:
    """Check that every kind has its why, steps and severities."""
    level = Field('choice', 'severity', True, SEVERITIES)
    fields = {
        'why': Field('text', 'why a leak matters', True),
        'do': Field('texts', 'what to do, in order', True),
        'severity': Field('table', 'by what leaked', True, fields=dict.fromkeys(_CASES, level)),
    }
    form = Form(file)
    form.read_table(document, dict.fromkeys(KINDS, Field('table', 'a kind', True, fields=fields)))
    return form

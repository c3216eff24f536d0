"""The fields of a dossier about declarations: rights, addresses, documents, calls.

Also the tables of files that all dossiers share: policies and libraries.
"""

from __future__ import annotations

import re

from keylint.core.terms import PERMISSIONS, SEVERITIES, THRESHOLDS
from keylint.rules.box_schema import BOX, check_boxes
from keylint.rules.form import Field, Form, Path, Table, list_tables, show_path
from keylint.rules.rights import LIST, READ_ONLY, WORDS

CONFIDENCES = ('documented', 'seen', 'inferred')
_CONFIDENCE = Field('choice', 'how sure this is', choices=CONFIDENCES, default='documented')
_SOURCE = Field('text', 'where this is known from: a page, a file of an SDK')
_NOTE = Field('text', 'what else a reader of the dossier should know')
PERMISSION = {
    'word': Field('text', 'the word of the API', True),
    'level': Field(
        'choices',
        'all that it allows, lowest first; a list for several, [] for nothing by itself',
        True,
        PERMISSIONS,
    ),
    'ui': Field('text', "the label on the vendor's page"),
    'says': Field('text', 'what this right does beyond its name'),
    'where': Field('text', 'where the word is used'),
    **BOX,
    'confidence': _CONFIDENCE,
}
IP = {
    'supported': Field(
        'choice',
        'does the vendor have lists of addresses at all?',
        choices=('yes', 'no'),
        default='yes',
    ),
    'ui': Field('text', "the label on the vendor's page"),
    'limit': Field('number', 'how many entries the vendor takes'),
    'cidr': Field(
        'choice',
        'does the vendor take ranges?',
        choices=('yes', 'no', 'unknown'),
        default='unknown',
    ),
    'required_for': Field('text', 'what is impossible without a list'),
    'unrestricted': Field('text', 'what happens to keys without a list: expiry, rights that end'),
    'confidence': _CONFIDENCE,
    'sources': Field('texts', 'where this is known from'),
    'note': _NOTE,
    'fields': Field('unused', ''),
    'anyone': Field('unused', ''),
}
_DOCUMENT_IP = {
    'list': Field('text-or-texts', 'the key or keys that hold the addresses'),
    'absent': Field(
        'choice',
        'what it means that none of them is there',
        choices=('anyone', 'unstated'),
        default='unstated',
    ),
    'restricted': Field('mapping', 'values that mean that there is a list, even when not shown'),
    'anyone': Field('mapping', 'values that mean "from anywhere"'),
}
DOCUMENT = {
    'name': Field('text', 'what the document is, in a few words', True),
    'endpoint': Field(
        'text-or-texts', 'method and path; POST and PUT paths are also looked for in raw HTTP calls'
    ),
    'keys': Field('texts', 'a mapping with all of these keys is this document', True),
    'needs_issuer': Field(
        'switch',
        'only where the file names the issuer, because others have the same keys',
        default=False,
    ),
    'rights': Field('rights', 'a key (or dotted path), and what it grants when it is on'),
    'ip': Field('table', 'what the document says about addresses', fields=_DOCUMENT_IP),
    'label': Field('text', 'the key that holds the label'),
    'account': Field('text', 'the key that holds the account'),
    'created': Field('text', 'the key that holds when the API key was made'),
    'expires': Field('text', 'the key that holds when it ends'),
    'confidence': _CONFIDENCE,
    'source': _SOURCE,
    'note': _NOTE,
}
CALL = {
    'library': Field('text', 'the package', True),
    'call': Field('text', "the method's name; its keyword arguments are the document's keys", True),
    'document': Field('text', 'the name of one of the documents', True),
    'positional': Field('texts', 'the names of arguments without a keyword'),
    'no_ip': Field('switch', 'the call cannot set addresses: the key works from anywhere'),
}
ASK = {
    'request': Field('text', 'method and address of a request that changes nothing', True),
    'document': Field('text', 'the name of the document that the answer is', True),
    'ccxt': Field('text', "class and method of ccxt's that send it: binance.sapiGet…", True),
    'credentials': Field('texts', "what ccxt's class needs of a key: apiKey, secret …", True),
    'arguments': Field('texts', 'names of parameters that only the owner knows'),
    'note': Field('text', 'what the answer does not say'),
}
_TREE = {
    'file': Field('text', 'name of the file'),
    'text': Field('text', 'its text, with recipes'),
    'files': Field('mapping', 'names and texts of a small tree, instead of one file'),
}
POLICY_EXAMPLES = {
    'loud': Field('tables', 'the policy must fire', True, fields=_TREE),
    'silent': Field('tables', 'the policy must not fire', True, fields=_TREE),
}
_POLICY = {
    'id': Field('text', 'id of the rule', True),
    'title': Field('text', 'what is wrong', True),
    'severity': Field('mapping', 'severities by case; else is the last one', True),
    'why': Field('text', 'why it matters', True),
    'do': Field('texts', 'what to do, in order', True),
}
LANGUAGES = (
    'python',
    'unread-python',
    'javascript',
    'go',
    'rust',
    'java',
    'csharp',
    'php',
    'ruby',
    'swift',
    'cpp',
)
_METHODS = {
    'level': Field(
        'choice', 'what the methods need', True, ('public', 'context', 'path', *PERMISSIONS)
    ),
    'names': Field('text', 'regular expression of whole names', True),
    'base': Field('text', 'what goes before the path that the methods are given'),
}
_LIBRARY = {
    'id': Field('text', 'name of the package', True),
    'exchange': Field('text', 'id of the dossier; none where the class names the exchange'),
    'modules': Field('texts', 'import paths', True),
    'classes': Field('text', 'regular expression of client classes'),
    'hosts': Field('texts', 'parts of addresses'),
    'markers': Field('texts', 'names of headers or parameters that carry a key'),
    'bases': Field('texts', 'what paths begin with where code keeps that apart'),
    'chain': Field('text', 'regular expression of methods that return a part of the client'),
    'language': Field(
        'choice', 'language of the package; Python if none is given', False, LANGUAGES
    ),
    'delegates': Field('texts', 'arguments that say that the key is an agent of a wallet'),
    'exchanges': Field('texts', 'exchanges that its classes name and that no dossier has'),
    'factories': Field(
        'text', 'regular expression of functions that make a client of a class or a name'
    ),
    'sieve': Field('text', 'regular expression that must match in a file that uses the package'),
    'like': Field('text', 'id of the library whose methods follow its own'),
    'methods': Field('tables', 'the first entry whose names match counts', fields=_METHODS),
    'source': _SOURCE._replace(is_required=True),
}


_TEXT_FORM = Field('text', 'regular expression', True)
_TEXT_FORMS = Field('texts', 'regular expressions', True)
_LANGUAGE = {
    'id': Field('text', 'code of the language', True),
    'gate': Field('texts', 'where a line is looked at, for Hyperscan', True),
    **dict.fromkeys(
        'risk all record order start ip heading denial no_denial open_denial condition '
        'no_condition question'.split(),
        _TEXT_FORM,
    ),
    **dict.fromkeys(
        'record_before act act_behind led need need_behind granted right tells useless '
        'clause'.split(),
        Field('text', 'regular expression'),
    ),
    **dict.fromkeys(('says', 'open', 'share'), _TEXT_FORMS),
}


def check_declared(form: Form, top: Table) -> None:
    """Check what a table cannot express about boxes, `documents` and `creates_keys`."""
    check_boxes(form, top)
    documents = list_tables(top, 'documents')
    for number, document in enumerate(documents):
        _check_document(form, document, ('documents', number))
    names = tuple(str(document.get('name')) for document in documents)
    _check_asks(form, top, names)
    for number, call in enumerate(list_tables(top, 'creates_keys')):
        if 'document' in call:
            form.check_choices(call['document'], names, ('creates_keys', number, 'document'))


def _check_asks(form: Form, top: Table, names: tuple[str, ...]) -> None:
    for number, ask in enumerate(list_tables(top, 'asks')):
        if 'document' in ask:
            form.check_choices(ask['document'], names, ('asks', number, 'document'))


def _check_document(form: Form, document: Table, path: Path) -> None:
    rights = document.get('rights', {})
    key = show_path(path)
    if not isinstance(rights, dict):
        return  # the table reports it
    if document.get('keys') == [] and LIST not in rights:
        unless = f"unless rights speak of a bare list ('{LIST}')"
        form.complain((*path, 'keys'), f'{key}.keys must name at least one key, {unless}')
    for name, meaning in rights.items():
        _check_right(form, meaning, (*path, 'rights', name))


def _check_right(form: Form, meaning: object, path: Path) -> None:
    allowed = (*PERMISSIONS, READ_ONLY, WORDS)
    if not isinstance(meaning, dict):
        form.check_choices(meaning, allowed, path)
    elif 'word' in meaning:
        fields = {'word': Field('text', '', True), 'read_only': Field('text', '')}
        form.read_table(meaning, fields, path)
    elif 'rows' in meaning:
        form.read_table(meaning, {'rows': Field('texts', '', True)}, path)
    else:
        for value, level in meaning.items():
            form.check_choices(level, allowed, (*path, value))


def check_policies(document: object, file: str) -> Form:
    """Check thresholds, addresses of third parties and, for every policy, severities and texts."""
    number = Field('number', 'default', True)
    thresholds = dict.fromkeys(THRESHOLDS, number)
    form = Form(file)
    fields = {
        'thresholds': Field('table', 'defaults of [policies]', True, fields=thresholds),
        'third-party-addresses': Field('mapping', 'senders that many people share', True),
        'policies': Field('tables', 'in the order of the list of rules', True, fields=_POLICY),
    }
    top = form.read_table(document, fields)
    for place, policy in enumerate(list_tables(top, 'policies')):
        severity = policy.get('severity')
        if isinstance(severity, dict):
            path = ('policies', place, 'severity')
            if 'else' not in severity:
                form.complain(path, f'{show_path(path)} must have a case called else')
            for case, level in severity.items():
                form.check_choices(level, SEVERITIES, (*path, case))
    return form


def check_policy_examples(document: object, file: str, ids: tuple[str, ...]) -> Form:
    """Check that every policy has examples of both kinds."""
    form = Form(file)
    fields = Field('table', 'examples of a policy', True, fields=POLICY_EXAMPLES)
    top = form.read_table(document, dict.fromkeys(ids, fields))
    for policy, examples in top.items():
        if isinstance(examples, dict):
            for kind in examples:
                _check_trees(form, list_tables(examples, kind), (policy, kind))
    return form


def _check_trees(form: Form, entries: list[Table], path: Path) -> None:
    """Complain of examples that are neither one file nor a tree of files."""
    for number, entry in enumerate(entries):
        if not ('files' in entry) ^ {'file', 'text'}.issubset(entry):
            place = (*path, number)
            form.complain(place, f'{show_path(place)} needs file and text, or files')


def check_libraries(document: object, file: str) -> Form:
    """Check that every library has modules, client classes and methods with levels."""
    form = Form(file)
    fields = {'libraries': Field('tables', 'libraries and endpoints', True, fields=_LIBRARY)}
    top = form.read_table(document, fields)
    for number, library in enumerate(list_tables(top, 'libraries')):
        for place, method in enumerate(list_tables(library, 'methods')):
            path = ('libraries', number, 'methods', place, 'names')
            try:
                re.compile(str(method.get('names', '')))
            except re.error as error:
                form.complain(path, f'{show_path(path)} is not a regular expression: {error}')
    return form


def check_setup_texts(document: object, file: str) -> Form:
    """Check that every language has all its forms, and that they are regular expressions."""
    form = Form(file)
    fields = {'languages': Field('tables', 'languages', True, fields=_LANGUAGE)}
    top = form.read_table(document, fields)
    for number, language in enumerate(list_tables(top, 'languages')):
        for name, value in language.items():
            for text in value if isinstance(value, list) else [value]:
                path = ('languages', number, name)
                try:
                    re.compile(re.sub(r'\{[a-z]+\}', 'x', str(text)))
                except re.error as error:
                    form.complain(path, f'{show_path(path)} is not a regular expression: {error}')
    return form


def check_other_issuers(document: object, file: str) -> Form:
    """Check that names and heads of tokens are listed, each head with its source."""
    form = Form(file)
    names = {kind: Field('texts', 'words of names', True) for kind in ('exchanges', 'services')}
    heads = {'head': Field('text', 'the head of a token', True), 'source': _SOURCE}
    form.read_table(
        document,
        {
            'names': Field('table', 'issuers without a dossier', True, fields=names),
            'shared_heads': Field('tables', 'heads that issuers share', True, fields=heads),
        },
    )
    return form

"""Write a minimal dossier of a new issuer, with TODO for what only its author knows."""

from __future__ import annotations

import os
import re

from keylint.core.errors import RuleError
from keylint.core.records import NamedTuple
from keylint.rules.files import SHARED, read_document
from keylint.rules.listing import find_builtin_rules, list_definitions
from keylint.rules.schema import ID, KINDS

_DEFINITION = """\
# Fill in every TODO, then run: keylint rules check {folder}
# yaml-language-server: $schema=https://keylint.readthedocs.io/dossier.schema.json
id: {id}
name: TODO the issuer's name as it writes itself
kind: {kind}
aliases: []  # further names in code and file names: one word each, lower case
context:
  imports: []  # modules of its SDKs
  hosts: []  # hosts of its API

credentials:
{credentials}
help:
  manage: TODO the address of the page where it is revoked
  revoke:
  - TODO the steps to revoke it, in the words of that page
"""
_CREDENTIAL = """\
- role: {role}
  shape: 'TODO'  # regular expression of the whole value, such as [A-Za-z0-9]{{64}}
  confidence: seen  # documented | seen | inferred
  source: TODO the page or file that shows it
"""
_EXAMPLES = """\
# Values are recipes such as {{alnum:64}}: make them fit the shapes of {id}.yaml.
# yaml-language-server: $schema=https://keylint.readthedocs.io/dossier-examples.schema.json
loud:  # must be found
- file: .env
  roles: [{roles}]
  text: |
{values}
- file: config.yaml
  roles: [{roles}]
  text: |
    {id}:
{settings}

silent:  # must not be found
- file: .env.example
  text: |
{placeholders}
- file: bot.py
  text: |
    import os

{lookups}
"""


class Part(NamedTuple):
    """A part of the credential in the examples: its role, its names in `.env` and in settings."""

    role: str
    variable: str
    setting: str
    recipe: str


_PAIR = (
    Part('api-key', 'API_KEY', 'api_key', '{alnum:64}'),
    Part('secret', 'API_SECRET', 'api_secret', '{alnum:64}'),
)
_TOKEN = (Part('token', 'API_TOKEN', 'api_token', '{alnum:40}'),)
_WALLET = (Part('private-key', 'PRIVATE_KEY', 'private_key', '{alnum:52}'),)
_PARTS = {'exchange': _PAIR, 'broker': _PAIR, 'bot-platform': _PAIR, 'wallet': _WALLET}


def write_dossier(name: str, kind: str, folder: str) -> tuple[str, str]:
    """Write `NAME.yaml` and `NAME.examples.yaml` into a folder, which is created if missing.

    Returns both paths. Raises RuleError for a name that is not an id or is taken, and for a folder
    that cannot be written; nothing is overwritten.
    """
    _check_name(name, folder)
    paths = os.path.join(folder, f'{name}.yaml'), os.path.join(folder, f'{name}.examples.yaml')
    taken = [path for path in paths if os.path.lexists(path)]
    if taken:
        raise RuleError(f'{taken[0]}: exists; nothing was written')
    texts = make_definition(name, kind, folder), make_examples(name, kind)
    try:
        os.makedirs(folder, exist_ok=True)
        for path, text in zip(paths, texts, strict=True):
            with open(path, 'x', encoding='utf-8', newline='\n') as file:
                file.write(text)
    except OSError as error:
        raise RuleError(f'{error.filename}: cannot write: {error.strerror}') from None
    return paths


def _check_name(name: str, folder: str) -> None:
    if not ID.fullmatch(name):
        made = re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')
        hint = f"; did you mean '{made}'?" if made else ''
        what = "lower case letters and digits, with single '-' between them"
        raise RuleError(f"'{name}' is not an id of a rule: {what}{hint}")
    if f'{name}.yaml' in SHARED:
        raise RuleError(f"'{name}' is not an id of a rule: keylint's own {name}.yaml is none")
    folders = (find_builtin_rules(), folder) if os.path.isdir(folder) else (find_builtin_rules(),)
    for path, _, _ in list_definitions(folders):
        if os.path.splitext(os.path.basename(path))[0] == name:
            is_own = path.startswith(find_builtin_rules())
            where = "one of keylint's own" if is_own else os.path.relpath(path)
            whose = f'{where} ({_name_in(path)})'
            raise RuleError(f"rule '{name}' exists: {whose}; nothing was written")


def _name_in(path: str) -> str:
    """Return the issuer's name in a definition."""
    document = read_document(path)
    return str(document.get('name')) if isinstance(document, dict) else 'not a dossier'


def make_definition(name: str, kind: str, folder: str) -> str:
    """Return the text of a definition with its TODOs."""
    credentials = ''.join(_CREDENTIAL.format(role=part.role) for part in _parts_of(kind))
    quoted = name if re.search('[a-z]', name) and name not in _WORDS_OF_YAML else f"'{name}'"
    return _DEFINITION.format(id=quoted, kind=kind, folder=folder, credentials=credentials)


_WORDS_OF_YAML = frozenset('y n yes no on off true false null'.split())


def make_examples(name: str, kind: str) -> str:
    """Return the text of a file of examples that fit the shapes of their recipes."""
    parts = _parts_of(kind)
    prefix = name.upper().replace('-', '_')
    variables = [f'{prefix}_{part.variable}' for part in parts]
    own = name.replace('-', '_')
    return _EXAMPLES.format(
        id=name,
        roles=', '.join(part.role for part in parts),
        values='\n'.join(
            f'    {variable}={part.recipe}' for variable, part in zip(variables, parts, strict=True)
        ),
        settings='\n'.join(f'      {part.setting}: "{part.recipe}"' for part in parts),
        placeholders='\n'.join(
            f'    {variable}=your_{own}_{part.setting}'
            for variable, part in zip(variables, parts, strict=True)
        ),
        lookups='\n'.join(
            f'    {part.setting} = os.environ["{variable}"]'
            for variable, part in zip(variables, parts, strict=True)
        ),
    )


def _parts_of(kind: str) -> tuple[Part, ...]:
    if kind not in KINDS:
        raise RuleError(f"kind is '{kind}'; allowed: {', '.join(KINDS)}")
    return _PARTS.get(kind, _TOKEN)

"""Read rule files: YAML text in, checked documents out. Imports PyYAML: never on the warm path.

A scan needs only the definition. Its examples are beside it in `ID.examples.yaml` (or under
`examples` in the definition itself, in dossiers of one file) and are read by `rules check` and for
the pages of rules.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import cast

import yaml

from keylint.core.errors import RuleError
from keylint.core.library_errors import describe_library_error
from keylint.core.records import NamedTuple
from keylint.core.safe_yaml import load_document
from keylint.rules.declared_schema import (
    check_libraries,
    check_other_issuers,
    check_policies,
    check_policy_examples,
    check_setup_texts,
)
from keylint.rules.file_types import Dossier, ExampleTables, KindTable, PoliciesFile, SharedFiles
from keylint.rules.form import Form, Path, Table, locate
from keylint.rules.listing import find_builtin_rules, list_definitions, list_examples
from keylint.rules.schema import check_dossier, check_examples, check_kinds

SHARED = (
    'kinds.yaml',
    'known.yaml',
    'placeholders.yaml',
    'policies.yaml',
    'libraries.yaml',
    'setup_texts.yaml',
    'other_issuers.yaml',
)
_CHECKED = {
    'kinds': check_kinds,
    'policies': check_policies,
    'libraries': check_libraries,
    'setup_texts': check_setup_texts,
    'other_issuers': check_other_issuers,
}
_POLICY_EXAMPLES = 'policies.examples.yaml'


class Examples(NamedTuple):
    """The examples of one rule by kind (loud, silent, declarations), and their file."""

    file: str
    within: Path
    kinds: ExampleTables

    def locate(self, kind: str, number: int) -> str:
        """Return file and line of an example."""
        return locate(self.file, (*self.within, kind, number))


def read_document(path: str) -> object:
    """Return the one YAML document of a rule file. Raises RuleError."""
    try:
        with open(path, 'rb') as file:
            return load_document(file.read())
    except OSError as error:
        raise RuleError(f'{path}: cannot read: {error.strerror}') from None
    except yaml.YAMLError as error:
        raise RuleError(f'{path}: not YAML: {describe_library_error(error)}') from None


def read_dossiers(folders: tuple[str, ...], checks: frozenset[str]) -> list[Dossier]:
    """Return every definition below the folders with its defaults filled in, sorted by id.

    Raises RuleError for the first mistake, also for an id given twice.
    """
    dossiers, mistakes = _read_definitions(folders, checks, is_first_enough=True)
    _raise_first(mistakes)
    return [cast('Dossier', dossiers[name]) for name in sorted(dossiers)]


def read_examples(folders: tuple[str, ...]) -> dict[str, Examples]:
    """Return the examples of every dossier that has some, by its id. Raises RuleError."""
    examples, mistakes = _read_all_examples(folders)
    _raise_first(mistakes)
    return examples


def read_rule(path: str, checks: frozenset[str]) -> tuple[Dossier, Examples]:
    """Return one definition and its examples. Raises RuleError."""
    dossier, form = check_dossier(read_document(path), path, checks)
    form.raise_first()
    examples, form = _read_examples_of(path)
    form.raise_first()
    return cast('Dossier', dossier), examples


def read_shared() -> SharedFiles:
    """Return the shared files by their names: kinds, known values, placeholders and so on.

    Raises RuleError.
    """
    shared = _read_shared_documents()
    for form in _check_shared(shared):
        form.raise_first()
    return cast('SharedFiles', shared)


def read_kinds() -> dict[str, KindTable]:
    """Return the kinds of issuers. Unchecked, for reports: a scan has already checked them."""
    return cast('dict[str, KindTable]', read_document(_shared_path('kinds.yaml')))


def read_policies() -> PoliciesFile:
    """Return the file of policies, unchecked as `read_kinds` does."""
    return cast('PoliciesFile', read_document(_shared_path('policies.yaml')))


def read_policy_examples(policies: PoliciesFile) -> dict[str, Examples]:
    """Return the examples of every policy, by its id. Raises RuleError."""
    form, examples = _read_policy_examples([policy['id'] for policy in policies['policies']])
    form.raise_first()
    return {policy: Examples(form.file, (policy,), kinds) for policy, kinds in examples.items()}


def find_mistakes(folders: tuple[str, ...], checks: frozenset[str]) -> list[str]:
    """Return all mistakes in the form of all rule files, one line each with file and line."""
    try:
        shared = _read_shared_documents()
        forms = [*_check_shared(shared), _read_policy_examples(_list_policies(shared))[0]]
    except RuleError as error:
        return [str(error)]
    dossiers, mistakes = _read_definitions(folders, checks)
    examples, wrong_examples = _read_all_examples(folders)
    mistakes += wrong_examples
    if not wrong_examples:
        lacking = sorted(dossiers.keys() - examples)
        mistakes += [f"rule '{name}': no examples: write {name}.examples.yaml" for name in lacking]
    return [*(line for form in forms for line in form.list_mistakes()), *mistakes]


def _read_definitions(
    folders: tuple[str, ...], checks: frozenset[str], is_first_enough: bool = False
) -> tuple[dict[str, Table], list[str]]:
    """Return the definitions by id, and all mistakes in them (or those of the first wrong file)."""
    dossiers: dict[str, Table] = {}
    mistakes: list[str] = []
    for path in _list_definitions(folders):
        if mistakes and is_first_enough:
            break
        try:
            dossier, form = check_dossier(read_document(path), path, checks)
        except RuleError as error:
            mistakes.append(str(error))
            continue
        if dossier.get('id') in dossiers:
            form.complain(('id',), 'id is taken by another file')
        if not is_first_enough:
            form.complain_of_todos(dossier)
        mistakes += form.list_mistakes()
        dossiers[str(dossier.get('id'))] = dossier
    return dossiers, mistakes


def _list_definitions(folders: tuple[str, ...]) -> list[str]:
    return [
        path for path, _, _ in list_definitions(folders) if os.path.basename(path) not in SHARED
    ]


def _read_all_examples(folders: tuple[str, ...]) -> tuple[dict[str, Examples], list[str]]:
    """Return the examples by the ids of their dossiers, and all mistakes in them."""
    found: dict[str, Examples] = {}
    mistakes: list[str] = []
    definitions = _list_definitions(folders)
    for path in definitions:
        try:
            examples, form = _read_examples_of(path)
        except RuleError as error:
            mistakes.append(str(error))
            continue
        mistakes += form.list_mistakes()
        if examples.kinds:
            found[_id_of(path)] = examples
    owned = {os.path.splitext(path)[0] for path in [*definitions, _shared_path('policies.yaml')]}
    for path in list_examples(folders):
        if _owner_of(path) not in owned:
            where = os.path.relpath(path)
            mistakes.append(f'{where}:1: examples of no dossier: {_id_of(path)}.yaml is missing')
    return found, mistakes


def _read_examples_of(path: str) -> tuple[Examples, Form]:
    """Return the examples of the dossier at `path`; none if it has none. Raises RuleError."""
    stem, ending = os.path.splitext(path)
    beside = f'{stem}.examples{ending}'
    within = _examples_within(path)
    if not os.path.exists(beside):
        return Examples(path, ('examples',), within), Form(path)
    kinds, form = check_examples(read_document(beside), beside)
    if within:
        form.complain((), f'there are examples in {os.path.basename(path)}: keep one of the two')
    return Examples(beside, (), cast('ExampleTables', kinds)), form


def _examples_within(path: str) -> ExampleTables:
    """Return the examples of a dossier of one file, parsed only if it may be one."""
    with open(path, 'rb') as file:
        if b'\nexamples:' not in file.read():
            return {}
    document = read_document(path)
    examples = document.get('examples') if isinstance(document, dict) else None
    return examples if isinstance(examples, dict) else {}


def _owner_of(path: str) -> str:
    """Return the path of a dossier without its ending, from that of its examples."""
    return os.path.splitext(path)[0].removesuffix('.examples')


def _id_of(path: str) -> str:
    return os.path.basename(_owner_of(path))


def _read_shared_documents() -> dict[str, object]:
    return {name.removesuffix('.yaml'): read_document(_shared_path(name)) for name in SHARED}


def _list_policies(shared: dict[str, object]) -> list[str]:
    """Return the ids of all policies in a file that may have mistakes."""
    document = shared['policies']
    policies = document.get('policies') if isinstance(document, dict) else None
    return [str(policy.get('id')) for policy in policies or () if isinstance(policy, dict)]


def _read_policy_examples(ids: list[str]) -> tuple[Form, dict[str, ExampleTables]]:
    path = _shared_path(_POLICY_EXAMPLES)
    document = read_document(path)
    form = check_policy_examples(document, path, tuple(ids))
    return form, cast('dict[str, ExampleTables]', document)


def _check_shared(shared: dict[str, object]) -> list[Form]:
    return [check(shared[name], _shared_path(f'{name}.yaml')) for name, check in _CHECKED.items()]


def _shared_path(name: str) -> str:
    return os.path.join(find_builtin_rules(), name)


def _raise_first(mistakes: Iterable[str]) -> None:
    for mistake in mistakes:
        raise RuleError(mistake)

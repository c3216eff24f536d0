"""Where rule files lie, and reading them: YAML text in, checked documents out. Imports PyYAML: never on the warm path."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import yaml

from keylint.core.errors import RuleError
from keylint.core.safe_yaml import load_document
from keylint.rules.declared_schema import check_libraries, check_policies
from keylint.rules.listing import built_in, listing
from keylint.rules.schema import check_dossier, check_kinds

SHARED = ('kinds.yaml', 'known.yaml', 'placeholders.yaml', 'policies.yaml', 'libraries.yaml')


def read_document(path: str) -> Any:
    """The one YAML document of a rule file. Raises RuleError."""
    try:
        with open(path, 'rb') as file:
            return load_document(file.read())
    except OSError as error:
        raise RuleError(f'{path}: cannot read: {error.strerror}') from None
    except yaml.YAMLError as error:
        raise RuleError(f'{path}: not YAML: {" ".join(str(error).split())}') from None


def read_dossiers(folders: tuple[str, ...], checks: frozenset[str]) -> list[dict[str, Any]]:
    """Every dossier below the folders, checked, sorted by id. Raises RuleError, also for an id given twice."""
    dossiers: dict[str, dict[str, Any]] = {}
    for path, _, _ in listing(folders):
        file = Path(path)
        if file.name in SHARED:
            continue
        dossier = check_dossier(read_document(path), os.path.relpath(path), file.stem, checks)
        if dossier['id'] in dossiers:
            raise RuleError(
                f"{os.path.relpath(path)}: rule '{dossier['id']}': id is taken by another file"
            )
        dossiers[dossier['id']] = dossier
    return [dossiers[name] for name in sorted(dossiers)]


def read_shared() -> dict[str, Any]:
    """The shared files beside the dossiers: kinds, known values, placeholders. Raises RuleError."""
    folder = built_in()
    shared = {
        name.removesuffix('.yaml'): read_document(os.path.join(folder, name)) for name in SHARED
    }
    check_kinds(shared['kinds'], os.path.join('rules', 'kinds.yaml'))
    check_policies(shared['policies'], os.path.join('rules', 'policies.yaml'))
    check_libraries(shared['libraries'], os.path.join('rules', 'libraries.yaml'))
    return shared

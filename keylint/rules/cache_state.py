"""Describe the state that the rules were compiled from, to tell whether cached rules are current.

Separate from loading them, because the front of the hook needs it too.
"""

from __future__ import annotations

import os
import sys

from keylint._version import __version__
from keylint.rules.listing import list_definitions

# Modules whose text affects the compiled rules. tests/rules/test_load.py finds missing ones.
_PACK_MODULES = (
    'core/claims.py',
    'core/excerpt.py',
    'core/model.py',
    'core/names.py',
    'core/records.py',
    'core/terms.py',
    'matcher/encoded_patterns.py',
    'matcher/engine_module.py',
    'matcher/expressions.py',
    'matcher/hyperscan.py',
    'matcher/match.py',
    'matcher/patterns.py',
    'matcher/python_engine.py',
    'rules/ask_types.py',
    'rules/box_schema.py',
    'rules/box_types.py',
    'rules/built_tables.py',
    'rules/compile.py',
    'rules/compile_boxes.py',
    'rules/compile_names.py',
    'rules/compile_pack.py',
    'rules/compile_rules.py',
    'rules/compile_sources.py',
    'rules/compile_tokens.py',
    'rules/database_cache.py',
    'rules/declaration_types.py',
    'rules/declared_schema.py',
    'rules/digest.py',
    'rules/document_index.py',
    'rules/file_types.py',
    'rules/files.py',
    'rules/form.py',
    'rules/gate_file.py',
    'rules/library_types.py',
    'rules/plugins.py',
    'rules/policy_types.py',
    'rules/rights.py',
    'rules/schema.py',
    'rules/types.py',
    'validators/checksums.py',
    'validators/key_material.py',
    'validators/phrases.py',
    'validators/placeholders.py',
)


# What the front of the hook has found, for the ordinary way to take once.
_held: dict[tuple[tuple[str, ...], str], bytes] = {}


def hold_state(folders: tuple[str, ...], engine: str, state: bytes) -> None:
    """Keep a state for whoever asks for it next in this process."""
    _held[folders, engine] = state


def describe_state(folders: tuple[str, ...], engine: str) -> bytes:
    """Return a text that differs whenever the compiled rules do. `engine` is Hyperscan's version.

    It contains the rule files' names, sizes and times, and the versions of keylint, Python and
    Hyperscan. Raises RuleError.
    """
    held = _held.pop((folders, engine), None)
    if held is not None:
        return held
    files = list_definitions(folders)
    return repr((files, _own_files(), __version__, engine, sys.version_info[:3])).encode()


def list_pack_modules() -> list[tuple[str, str]]:
    """List name and path of the modules from which the pack is compiled."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return [(name, os.path.join(package, *name.split('/'))) for name in _PACK_MODULES]


def _own_files() -> list[tuple[int, int]]:
    """List size and time (ns) of the modules from which the pack is compiled.

    A checkout that changes one of them must not load the pack that it cached before.
    """
    found = [os.stat(path) for _, path in list_pack_modules()]
    return [(status.st_size, status.st_mtime_ns) for status in found]

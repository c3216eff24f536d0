"""Find the texts of a Python file that may be addresses or paths of requests."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keylint.api_usage.reachability import name_function
from keylint.api_usage.request_texts import HOLE, VERB_ARGUMENTS, VERBS, find_verb, flatten_text
from keylint.api_usage.values import Values
from keylint.core.records import NamedTuple
from keylint.core.spans import Lines
from keylint.readers.python_ast import list_arguments
from keylint.readers.python_outline import Outline, Spot

_MAX_CHARS = 500
_TEXT_METHODS = (
    'format', 'Format', 'Sprintf', 'join', 'replace', 'startswith', 'endswith', 'split',
    'removeprefix',
)  # fmt: skip
_PATH_ARGUMENTS = ('path', 'endpoint', 'resource', 'uri', 'url_path', 'request_path', 'route')
_ADDRESS_ARGUMENTS = ('url', 'baseURL', *_PATH_ARGUMENTS)
_WORD_PATH = re.compile(r'[A-Za-z][\w-]{2,40}')


class Site(NamedTuple):
    """A text that may be an address or a path: holes stand for what only running would tell."""

    text: str
    verb: str
    start: int
    is_filled: bool = False
    function: str = ''


def find_sites(outline: Outline, values: Values, lines: Lines) -> list[Site]:
    """Return arguments of calls, and other texts that names are bound to and no call uses."""
    found: list[Site] = []
    used: set[int] = set()
    for call, spot in outline.calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr in _TEXT_METHODS:
            continue  # what it makes is looked at where it is used
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        given += [
            value
            for name, value in list_arguments(call)
            if name in _ADDRESS_ARGUMENTS and value not in given
        ]
        texts = [(node, flatten_text(node, spot, values, used)) for node in given]
        verb = ''
        relative = _find_relative_paths(call, spot, values)
        for node, text in texts:
            if ('/' not in text and node not in relative) or len(text) > _MAX_CHARS:
                continue
            verb = verb or find_verb(call, spot, values)
            start = lines.offset_in(node.lineno, node.col_offset)
            found.append(Site(text, verb, start, function=name_function(spot)))
            found += _list_filled(node, text, verb, spot, values, lines)
    for bindings in outline.bindings.values():
        for binding in bindings:
            if id(binding.value) in used or binding.way in ('argument', 'annotation'):
                continue
            parts = binding.value.values if isinstance(binding.value, ast.Dict) else [binding.value]
            for part in parts:
                text = flatten_text(part, binding.spot, values, set())
                if (
                    '/' in text
                    and len(text) <= _MAX_CHARS
                    and not isinstance(part, ast.Name | ast.Attribute)
                ):
                    found.append(Site(text, '', lines.offset_in(part.lineno, part.col_offset)))
    return found


def _list_filled(
    node: ast.expr, text: str, verb: str, spot: Spot, values: Values, lines: Lines
) -> Iterator[Site]:
    """Yield what an address is whose last part is a parameter: once for each call with a text."""
    while True:
        if isinstance(node, ast.JoinedStr) and node.values:
            node = node.values[-1]
        elif isinstance(node, ast.FormattedValue):
            node = node.value
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            node = node.right
        elif isinstance(node, ast.Name) and text.endswith(HOLE):
            bound = values.find_bindings(node.id, spot)
            given = [one for one in bound if one.way == 'argument']
            inner = [one for one in bound if one.way == 'value']
            if given or len(inner) != 1:
                break
            node, spot = inner[0].value, inner[0].spot
        else:
            return
    for binding in given:
        filled = flatten_text(binding.value, binding.spot, values, set())
        if filled.strip(HOLE) and len(filled) <= _MAX_CHARS:
            start = lines.offset_in(binding.value.lineno, binding.value.col_offset)
            function = name_function(binding.spot)
            yield Site(text[: -len(HOLE)] + filled, verb, start, True, function)


def _find_relative_paths(call: ast.Call, spot: Spot, values: Values) -> list[ast.expr]:
    """Return the arguments that are paths by their name, or by a verb beside them."""
    named = [key.value for key in call.keywords if key.arg in _PATH_ARGUMENTS]
    has_verb = any(
        text.upper() in VERBS for node in call.args for text in values.find_texts(node, spot)
    ) or any(key.arg in VERB_ARGUMENTS for key in call.keywords)
    beside = [
        node
        for node in call.args[:3]
        if has_verb
        and any(
            _WORD_PATH.fullmatch(text) and text.upper() not in VERBS
            for text in values.find_texts(node, spot)
        )
    ]
    return [*named, *beside]

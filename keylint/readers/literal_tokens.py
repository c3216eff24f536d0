"""The tokens of a program of any language with braces, as literals are read in it."""

from __future__ import annotations

import re

TEXT = (
    rb'"""(?:[^"\\]++|\\.|"(?!""))*+"""'
    rb'|\'\'\'(?:[^\'\\]++|\\.|\'(?!\'\'))*+\'\'\''
    rb'|"(?:[^"\\\n]++|\\.)*+"|\'(?:[^\'\\\n]++|\\.)*+\'|`[^`\n]*`'
)
COMMENT = rb'#[^\n]*|/\*.*?(?:\*/|\Z)|(?<!:)//[^\n]*'
TEXT_OR_COMMENT = (
    rb'(?P<text>' + TEXT + rb')|(?P<comment>' + COMMENT + rb')'
    rb'|(?P<open>[\[{(])|(?P<close>[\]})])'
)
TOKEN = re.compile(
    TEXT_OR_COMMENT + rb'|(?P<name>[A-Za-z_$][\w$.]*)|(?P<number>\d[\w.]*)|(?P<other>[^\s\w])',
    re.DOTALL,
)
# Words before a literal that are not its name.
LEADS = (b'return', b'yield', b'await', b'default', b'json', b'jsonc', b'data')
CALLS = (b'dict', b'OrderedDict')

"""Know sessions in answers of a server that comments copy: libraries show so what a call returns.

    response = await self.privatePostWebsocketsToken(params)
    #
    # {
    #     "valid_sec": 60,
    #     "token": "…",
    # }

Such a session is over, and nobody's key. Other parts are reported as ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keylint.core.lazy_patterns import defer_regex
from keylint.core.model import SecretPart
from keylint.detect.secret_parts import GENERIC
from keylint.rules.rule_set import RuleSet

# The most lines above and below a value, and the most bytes on each side.
_LINES, _MAX_BYTES = 40, 6000
_COMMENT = defer_regex(rb'[ \t]*+(?:#|//|\*)[ \t]*+')
# An entry before its value, without quotes in JavaScript.
_ENTRY = defer_regex(rb'["\']?[A-Za-z]\w{0,40}["\']?[ \t]{0,4}:[ \t]{0,4}["\']\Z')
# What an answer says and a file of settings does not.
_SAID = defer_regex(
    rb'(?i)["\']?(?:json_?rpc|result|expire[sd]?(?:_?(?:in|at))?|expiry|valid_?sec|token_?type'
    rb'|ret_?code|rc|success|authenticated|errors?|server_?time)["\']?[ \t]{0,4}:'
)
_CALL = defer_regex(
    rb'[ \t]*+(?:(?:const|let|var)[ \t]++)?(?:resp|res|response\w*|reply|answer|result|data)'
    rb'[ \t]{0,4}=[ \t]{0,4}(?:await[ \t]++|\(await[ \t]++)?[\w.$>\-]++\('
)


def weaken_sessions(
    data: bytes, found: Sequence[list[SecretPart]], pack: RuleSet
) -> list[list[SecretPart]]:
    """Doubt the tokens of commented answers, and forget whose key their form is like."""
    return [
        [part._replace(rule=GENERIC, role='token', confidence='low') for part in parts]
        if all(_is_session(part, pack) and _is_in_answer(data, part.start) for part in parts)
        else parts
        for parts in found
    ]


def _is_session(part: SecretPart, pack: RuleSet) -> bool:
    """Tell whether a part is a token by its name, and no token of an issuer that gives out such."""
    if part.is_whole or pack.role_of(part.name)[0] != 'token':
        return False
    return part.rule == GENERIC or 'token' not in pack.rules[part.rule].roles


def _is_in_answer(data: bytes, start: int) -> bool:
    line = data.rfind(b'\n', max(0, start - _MAX_BYTES), start) + 1
    sign = _COMMENT.match(data, line, start) if line else None
    if sign is None or _ENTRY.match(data, sign.end(), start) is None:
        return False
    is_open = is_said = False
    for is_comment, code in _list_lines(data, line, is_upwards=True):
        if not is_comment:
            is_said = is_said or _CALL.match(code) is not None
            break
        is_open = is_open or code.endswith((b'{', b'['))
        is_said = is_said or _SAID.match(code) is not None
    if not is_open:
        return False
    below = (code for is_comment, code in _list_lines(data, line, is_upwards=False) if is_comment)
    return is_said or any(_SAID.match(code) is not None for code in below)


def _list_lines(data: bytes, line: int, is_upwards: bool) -> Iterator[tuple[bool, bytes]]:
    """Yield the lines of a comment from one on, and the code that ends it going upwards."""
    lowest, highest = max(0, line - _MAX_BYTES), min(len(data), line + _MAX_BYTES)
    for _ in range(_LINES):
        if is_upwards:
            if not line:
                return
            end, line = line - 1, max(lowest, data.rfind(b'\n', lowest, line - 1) + 1)
        else:
            line = data.find(b'\n', line, highest) + 1
            end = data.find(b'\n', line, highest) if line else -1
            if end < 0:
                return
        text = data[line:end].rstrip()
        sign = _COMMENT.match(text)
        yield sign is not None, text[sign.end() :] if sign else text
        if sign is None:
            return

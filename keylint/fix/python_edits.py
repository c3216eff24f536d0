"""Make the edits that turn a string literal, or a part of one, into `os.environ["NAME"]`."""

from __future__ import annotations

from keylint.fix.edits import Edit, UnfixableError
from keylint.fix.python_literals import LiteralRange, StringLiteral, find_default


def make_lookup_edits(data: bytes, place: LiteralRange, environ: str, name: str) -> list[Edit]:
    """Return the edits for one secret. `environ` is how the module calls `os.environ`.

    Raises UnfixableError if the literals are joined in a way that no single expression can replace.
    """
    default = find_default(data, place)
    if default and default.name == name:
        return [Edit(default.start, default.end, f'{environ}["{name}"]'.encode())]
    first = place.literals[0]
    quote = first.quote[:1].decode()
    if first.is_formatted and not (place.is_whole and first.chain is None):
        inner = '"' if quote == "'" else "'"
        return [Edit(place.start, place.end, f'{{{environ}[{inner}{name}{inner}]}}'.encode())]
    lookup = f'{environ}[{quote}{name}{quote}]'.encode()
    if b'b' in first.prefix.lower():
        lookup += b'.encode()'
    return _join_lookup(place, lookup, _find_expression(place))


def _find_expression(place: LiteralRange) -> tuple[int, int]:
    """Return the bytes of all adjacent literals around a secret."""
    first, last = place.literals[0], place.literals[-1]
    outer = first.chain or (first.start, last.end)
    has_chain = any(literal.chain for literal in place.literals)
    if has_chain and any(_extent_of(literal) != outer for literal in place.literals):
        raise UnfixableError('its pieces are joined in two ways at once')
    return outer


def _extent_of(literal: StringLiteral) -> tuple[int, int]:
    return literal.chain or (literal.start, literal.end)


def _join_lookup(place: LiteralRange, lookup: bytes, outer: tuple[int, int]) -> list[Edit]:
    """Join the look-up by `+` with the text before and after it.

    That may be text in the same literal, and other literals of the same expression. Adjacent
    literals bind closer than any operator, so the whole is put in brackets.
    """
    first, last = place.literals[0], place.literals[-1]
    has_text_before, has_text_after = place.start > first.inside[0], place.end < last.inside[1]
    has_literal_before, has_literal_after = outer[0] < first.start, last.end < outer[1]
    text = lookup
    if has_text_before:
        text = first.quote + b' + ' + text
    if has_text_after:
        text += b' + ' + last.prefix + last.quote
    edits = []
    if has_literal_before and has_text_before:
        edits.append(Edit(first.start, first.start, b'+ '))
    elif has_literal_before:
        text = b'+ ' + text
    if has_literal_after and has_text_after:
        edits.append(Edit(last.end, last.end, b' +'))
    elif has_literal_after:
        text += b' +'
    start = place.start if has_text_before else first.start
    edits.append(Edit(start, place.end if has_text_after else last.end, text))
    if has_text_before or has_text_after or has_literal_before or has_literal_after:
        return _add_brackets(edits, outer)
    return edits


def _add_brackets(edits: list[Edit], outer: tuple[int, int]) -> list[Edit]:
    """Put brackets around the whole; one joins the edit that begins or ends at its place."""
    start, end = outer
    made = [edit._replace(text=b'(' + edit.text) if edit.start == start else edit for edit in edits]
    made = [edit._replace(text=edit.text + b')') if edit.end == end else edit for edit in made]
    if not any(edit.start == start for edit in edits):
        made.append(Edit(start, start, b'('))
    if not any(edit.end == end for edit in edits):
        made.append(Edit(end, end, b')'))
    return made

"""Format each finding as a block of at most four lines that a terminal and an editor can click.

bot.py:3:28 critical OKX credential (okx-credential)
  3 | okx = ccxt.okx({'apiKey': '…', 'secret': '…', 'password': '…'})
    |                            ^ API key a1ec…(36), secret EFE7…(32), passphrase …(12)

A caret marks the value where a line has several; where it has one, the note is beside it. Where the
first line has no room for all of that, it is the place, and the rest is on the second one.
"""

from __future__ import annotations

from keylint.core.excerpt import ExcerptLine
from keylint.core.model import Finding, FindingPart
from keylint.core.terms import KIND_WORDS
from keylint.reporters.lifetimes import format_short_lifetime
from keylint.reporters.painter import SEVERITY_COLOURS, Painter
from keylint.reporters.terminal import ELLIPSIS, count_columns, cut_around, cut_text
from keylint.reporters.text import format_copies, format_inner_place, sanitize_text, wrap_words

_MAX_LINES = 4
_GUTTER, _BESIDE = '    ', '  ← '
_MAX_CARETS = 40
_MAX_PARTS = 6
_MIN_NOTE_COLUMNS = 12
_MIN_TITLE_COLUMNS = 12
# A note that is cut behind the caret keeps this much; else the caret gives way to it.
_MIN_CUT_COLUMNS = 40
# Messages that add nothing to the title `OKX key is used but missing from the inventory`.
_IN_THE_TITLE = frozenset({'The client gets a key'})


def format_block(finding: Finding, columns: int, paint: Painter) -> list[str]:
    """Return the lines of a finding: its place, the masked line with a caret, what is known."""
    head = _format_head(finding, columns, paint)
    return head + _format_body(finding, columns, paint, _MAX_LINES - len(head))


def _format_head(finding: Finding, columns: int, paint: Painter) -> list[str]:
    """Format `bot.py:3:28 critical OKX credential (okx-credential)`, or that in two lines."""
    place = f'{sanitize_text(finding.path)}:{finding.place.line}:{finding.place.column}'
    if place.startswith('::'):  # a command to GitHub's runners begins so
        place = f'./{place}'
    within = format_inner_place(finding)
    title, rule = sanitize_text(finding.title), f'({finding.rule})'
    severity = paint(SEVERITY_COLOURS[finding.severity], finding.severity)
    full = f'{title}, {within}' if within else title
    if count_columns(f'{place} {finding.severity} {full} {rule}') <= columns:
        return [f'{paint("4", place)} {severity} {paint("1", full)} {paint("2", rule)}']
    left = columns - count_columns(f'  {finding.severity}  {rule}')
    title = cut_text(title, max(left, _MIN_TITLE_COLUMNS))
    return [
        f'{paint("4", place)} {within}'.rstrip(),
        f'  {severity} {paint("1", title)} {paint("2", rule)}',
    ]


def _format_body(finding: Finding, columns: int, paint: Painter, room: int) -> list[str]:
    """Format the masked line and what is known of the finding, in at most `room` lines."""
    notes = _list_notes(finding)
    line = _find_line(finding)
    if line is None:
        return _format_notes(notes, columns, room, len(_GUTTER))
    label = sanitize_text(line.label)
    gutter = ' ' * (count_columns(label) + 2) + ' | '
    shown, caret = _cut_line(line, columns - len(gutter))
    lines = [f'  {paint("2", f"{label} |")} {shown}'.rstrip()]
    if line.caret >= 0 and shown[caret : caret + 1] == ELLIPSIS and shown.count(ELLIPSIS) == 1:
        left = columns - len(gutter) - count_columns(shown) - len(_BESIDE)
        beside = next((note for note in notes if count_columns(note) <= left), '')
        if beside:
            lines = [f'{lines[0]}{_BESIDE}{beside}']
            notes = [note for note in notes if note != beside]
    elif line.caret >= 0:
        width = max(1, min(line.width, _MAX_CARETS, count_columns(shown[caret:])))
        pointer = gutter + ' ' * count_columns(shown[:caret]) + '^' * width
        pointed, notes = _join_note(pointer, notes, columns, room - 1)
        lines += [
            painted.replace('^' * width, paint('1;31', '^' * width), 1) for painted in pointed
        ]
    return lines + _format_notes(notes, columns, room - len(lines), len(gutter))


def _join_note(
    pointer: str, notes: list[str], columns: int, room: int
) -> tuple[list[str], list[str]]:
    """Put the first note behind the caret where it fits, or all of them where no line is left.

    Return the line of the caret and the notes that are still to come. A caret has no line of its
    own: the place of the finding names the column too.
    """
    left = columns - count_columns(pointer) - 1
    if not notes:
        return [pointer], []
    if count_columns(notes[0]) <= left and (room > 1 or len(notes) == 1):
        return [f'{pointer} {notes[0]}'], notes[1:]
    if room <= 1 and left >= _MIN_CUT_COLUMNS:
        return [f'{pointer} {cut_text("; ".join(notes), left)}'], []
    return [], notes


def _find_line(finding: Finding) -> ExcerptLine | None:
    """Return the line with the caret, else the first of the excerpt; None where it has none."""
    first = finding.excerpt[0] if finding.excerpt else None
    return next((line for line in finding.excerpt if line.caret >= 0), first)


def _cut_line(line: ExcerptLine, columns: int) -> tuple[str, int]:
    """Return what fits of a line, and where its caret is."""
    text = sanitize_text(line.text.replace('\t', ' '))
    if line.caret < 0:
        return cut_text(text, columns), 0
    return cut_around(text, min(line.caret, max(0, len(text) - 1)), columns)


def _list_notes(finding: Finding) -> list[str]:
    """List what is known of a finding beyond its title, what matters most first."""
    notes = [_format_parts(finding) or _extract_facts(finding)]
    if finding.parts:
        claim = finding.environment_claim
        is_here = claim.proof is not None and claim.proof.line == finding.place.line
        about = claim.describe().removesuffix(f', line {finding.place.line}' if is_here else '')
        notes.append(sanitize_text(about))
    if finding.copies:
        notes.append(f'also in {format_copies(finding)}')
    if finding.life:
        notes.append(sanitize_text(format_short_lifetime(finding.life)))
    return [note for note in notes if note]


def _format_parts(finding: Finding) -> str:
    """Format `API key a1ec…(36), secret EFE7…(32) line 5`."""
    shown = [_format_part(part, finding.place.line) for part in finding.parts[:_MAX_PARTS]]
    if len(finding.parts) > _MAX_PARTS:
        shown.append(f'and {len(finding.parts) - _MAX_PARTS} more')
    listed = ', '.join(shown)
    if not finding.missing:
        return listed
    lacks = ' and '.join(f'the {KIND_WORDS[role]}' for role in finding.missing)
    verb = 'was' if len(finding.missing) == 1 else 'were'
    return f'{lacks} {verb} not found here; {listed}'


def _format_part(part: FindingPart, line: int) -> str:
    where = f' line {part.place.line}' if part.place.line != line else ''
    return f'{KIND_WORDS[part.role]} {sanitize_text(part.preview)}{where}'


def _extract_facts(finding: Finding) -> str:
    """Return what a message says of this finding alone, without what its rule says of every one."""
    facts = finding.message.removesuffix(finding.why).rstrip(' .') if finding.why else ''
    if facts in _IN_THE_TITLE:
        return ''
    return sanitize_text(facts or finding.message)


def _format_notes(notes: list[str], columns: int, room: int, indent: int) -> list[str]:
    """Format the notes in at most `room` lines, one each where they fit."""
    if not notes or room < 1:
        return []
    width = columns - indent
    lines = [part for note in notes for part in _wrap_note(note, width)]
    if len(lines) > room:
        lines = _wrap_note('; '.join(notes), width)
    if len(lines) > room:
        rest = ' '.join(lines[room - 1 :])
        lines = [*lines[: room - 1], cut_text(rest, width)]
    return [' ' * indent + line for line in lines]


def _wrap_note(note: str, width: int) -> list[str]:
    return [line.rstrip('\n') for line in wrap_words(note, max(width, _MIN_NOTE_COLUMNS), '', 0)]

"""What is shown in place of a value: in lines of files, in texts of ours, in previews."""

from __future__ import annotations

import pytest

from keylint.core.key_model import Violation
from keylint.core.model import KeyDeclaration, SecretPart
from keylint.core.spans import Lines
from keylint.core.terms import PartKind
from keylint.findings.redaction import (
    LineRedactor,
    Secrets,
    collect_secrets,
    preview_value,
    redact_bytes,
    redact_declaration,
    redact_text,
    redact_violation,
)
from keylint.rules.recipes import expand_recipes

VALUE = expand_recipes('{alnum:32}', 'a value').encode()
NONE: frozenset[bytes] = frozenset()


def test_a_text_without_values_stays_as_it_is() -> None:
    text = f'{VALUE.decode()} \x00\x00'
    assert redact_text(text, NONE) == text
    assert redact_text(text, frozenset({b'another value'})) == f'{VALUE.decode()} …'


def test_longer_values_are_redacted_first() -> None:
    """A value that begins another one would leave its end to be read."""
    longer = VALUE + b'-the-end'
    for values in (frozenset({VALUE, longer}), frozenset({longer, VALUE})):
        assert redact_text(f'a {longer.decode()} b', values) == 'a … b'
        assert redact_bytes(b'a ' + longer + b' b', values) == 'a … b'


def test_of_many_values_each_is_redacted_within_a_word_too() -> None:
    many = frozenset(f'value-{number:04}'.encode() for number in range(201))
    assert redact_text('a value-0007 "value-0200" value-9', many) == 'a … "…" value-9'
    assert redact_text('a value-0007x', many) == 'a …x'


def test_of_many_values_a_line_keeps_its_places() -> None:
    data = b'f(prices, pricesx)  # key'
    many = [(0, 0, f'value-{number:04}'.encode()) for number in range(199)]
    at = data.index(b'prices')
    secrets = collect_secrets(Lines(data), [*many, (at, at + 6, b'prices')])
    line = LineRedactor(Lines(data), 'a.py', Secrets({}, secrets.values)).show_line(1)
    assert line == 'f(…, …x)  # key'


def test_long_runs_of_no_words_are_redacted_everywhere() -> None:
    assert redact_bytes(b'key: ' + VALUE, NONE) == 'key: …'
    assert redact_bytes(b' some_long_name_of_a_setting = 1 ', NONE) == (
        'some_long_name_of_a_setting = 1'
    )
    assert redact_bytes(b'x' + VALUE[:18], NONE) == 'x' + VALUE[:18].decode()


def redact(data: bytes, *spans: tuple[int, int], path: str = 'a.py') -> list[str]:
    """Show all lines of a file with secrets at some places."""
    lines = Lines(data)
    secrets = collect_secrets(lines, [(first, last, data[first:last]) for first, last in spans])
    maker = LineRedactor(lines, path, secrets)
    return [str(maker.redact_line(number + 1)) for number in range(len(lines.starts))]


@pytest.mark.parametrize(
    ('data', 'spans', 'want'),
    [
        pytest.param(b'f(a, b)', [], ['1: f(a, b)'], id='nothing'),
        pytest.param(b"a = 'x'\n  b", [(5, 6)], ["1: a = '…'", '2: b'], id='one'),
        pytest.param(b'"""x1\ny2\nz"""', [(3, 9)], ['1: """…', '2: …', '3: …"""'], id='lines'),
        pytest.param(
            b'f(prices)\n\nf(prices)', [(2, 8)], ['1: f(…)', '2: ', '3: f(…)'], id='again'
        ),
        pytest.param(
            b'f(price)\n\nf(price)', [(2, 7)], ['1: f(…)', '2: ', '3: f(price)'], id='short'
        ),
        pytest.param(b'ab\ncd', [(0, 3)], ['1: …', '2: cd'], id='ends with its line'),
    ],
)
def test_lines(data: bytes, spans: list[tuple[int, int]], want: list[str]) -> None:
    assert redact(data, *spans) == want


def test_a_long_line_is_cut() -> None:
    line = redact(b'a = f(' + b'b, ' * 400 + b')')[0]
    assert line == f'1: {("a = f(" + "b, " * 400)[:160]}'


def test_a_value_behind_the_shown_part_of_a_line_is_no_error() -> None:
    data = b'a = f(' + b'b, ' * 400 + b'"' + VALUE + b'")\nc'
    at = data.index(VALUE)
    shown = redact(data, (at, at + len(VALUE)))
    assert shown[0].startswith('1: a = f(b, b, ')
    assert shown[1] == '2: c'


def test_what_is_kept_of_a_value() -> None:
    data = VALUE + b'\n' + b'12345\n123456\n'
    found = [(0, 32, b'decoded'), (33, 38, b'12345'), (39, 45, b'123456')]
    secrets = collect_secrets(Lines(data), found)
    assert secrets == Secrets(
        {1: [(0, 32)], 2: [(33, 38)], 3: [(39, 45)]}, frozenset({VALUE, b'decoded', b'123456'})
    )
    long = b'x' * 1001
    assert collect_secrets(Lines(long), [(0, 1001, long)]).values == NONE
    assert collect_secrets(Lines(long), [(0, 1000, long[:1000])]).values == {long[:1000]}


@pytest.mark.parametrize(
    ('role', 'value', 'want'),
    [
        pytest.param('secret', VALUE.decode(), f'{VALUE[:4].decode()}…(32)', id='long'),
        pytest.param('secret', VALUE[:16].decode(), f'{VALUE[:4].decode()}…(16)', id='16'),
        pytest.param('secret', VALUE[:15].decode(), '…(15)', id='15'),
        pytest.param('password', VALUE.decode(), '…(32)', id='a password'),
        pytest.param('passphrase', VALUE.decode(), '…(32)', id='a passphrase'),
        pytest.param('password', 'https://h.example/x', '…(19)', id='like a URL'),
        pytest.param('passphrase', 'https://h.example/x', '…(19)', id='the other like a URL'),
        pytest.param('mnemonic', VALUE.decode(), '…(32)', id='a recovery phrase'),
        pytest.param('secret', 'correct-horse-battery-staple', '…(28)', id='by a person'),
        pytest.param('url', f'https://h.example/{VALUE.decode()}', 'https://…(50)', id='a URL'),
        pytest.param('url', f'{"s" * 19}://{VALUE.decode()}', f'{"s" * 19}://…(54)', id='scheme'),
    ],
)
def test_previews(role: PartKind, value: str, want: str) -> None:
    part = SecretPart('generic-credential', role, value.encode(), 0, len(value), 'high')
    assert preview_value(part) == want


def test_the_start_of_a_value_is_no_scheme() -> None:
    text = f'{VALUE[:20].decode()}://{VALUE.decode()}'
    part = SecretPart('generic-credential', 'secret', text.encode(), 0, len(text), 'high')
    assert preview_value(part) in (f'{text[:4]}…({len(text)})', f'…({len(text)})')


def test_every_text_of_a_declaration_is_redacted() -> None:
    text = f'of {VALUE.decode()}'
    declared = KeyDeclaration(
        'okx',
        'inventory',
        0,
        9,
        label=text,
        account=text,
        purpose=text,
        secret_ref=text,
        addresses=(text, '10.0.0.1'),
    )
    shown = redact_declaration(declared, frozenset({VALUE}))
    assert shown == declared._replace(
        label='of …',
        account='of …',
        purpose='of …',
        secret_ref='of …',
        addresses=('of …', '10.0.0.1'),
    )
    assert redact_declaration(declared, NONE) == declared


def test_every_text_of_a_violation_is_redacted() -> None:
    text = f'of {VALUE.decode()}'
    violation = Violation(
        rule='key-unused',
        severity='low',
        title=text,
        message=f'{text} and "quoted-9876" too',
        steps=(text, 'else'),
        identity='id',
        declaration=KeyDeclaration('okx', 'inventory', 0, 9, label=text),
        quote='quoted-9876',
    )
    shown = redact_violation(violation, b'quoted-9876', frozenset({VALUE, b'9876'}))
    assert (shown.title, shown.steps) == ('of …', ('of …', 'else'))
    assert shown.message == 'of … and "quoted-…" too'
    assert shown.declaration is not None
    assert shown.declaration.label == 'of …'
    plain = violation._replace(declaration=None, quote='')
    assert redact_violation(plain, b'x', NONE) == plain

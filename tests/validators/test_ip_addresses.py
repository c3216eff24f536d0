"""Entries of IP lists as people write them: what each of them is worth to an exchange."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keylint.validators.ip_addresses import classify_entry, is_anyone, is_filled_later

KINDS = frozenset(
    (
        'anyone',
        'everywhere',
        'broad',
        'range',
        'address',
        'useless',
        'documentation',
        'host',
        'invalid',
        'placeholder',
    )
)

ENTRIES = {
    'address': [
        '52.54.32.109',
        '52.54.32.109/32',
        ' 52.54.32.109 ',
        '"52.54.32.109"',
        "'52.54.32.109'",
        '1.1.1.1',
        '100.63.255.255',
        '100.128.0.1',
        '172.32.0.1',
        '2600:1f18::7',
        '2600:1f18::7/128',
        '2600:1F18:0:0:0:0:0:7',
    ],
    'range': [
        '52.54.32.0/28',
        '52.54.32.0/24',
        '52.54.32.109/30',
        '52.54.32.0/255.255.255.0',
        '2600:1f18::/64',
        '2600:1f18:1::/48',
        '52.54.32.*',
        '52.54.32.1-52.54.32.9',
        '52.54.32.1 - 52.54.32.9',
        '52.54.32.1-9',
        '52.54.32.0-52.54.32.255',
        '2600::1-2600::9',
    ],
    'broad': [
        '52.0.0.0/8',
        '52.54.32.0/23',
        '0.0.0.0/1',
        '128.0.0.0/1',
        '2600::/32',
        '2600:1f18::/47',
        '52.54.*.*',
        '52.*.*.*',
        '52.54.0.0-52.54.255.255',
        '52.54.32.0-52.54.33.0',
    ],
    'everywhere': ['0.0.0.0/0', '::/0', '52.54.32.109/0', '*.*.*.*'],
    'anyone': [
        '',
        ' ',
        '*',
        'any',
        'ANY',
        'anyone',
        'Anywhere',
        'all',
        'none',
        'null',
        '""',
        'off',
        'no',
        'false',
        'disabled',
        'unrestricted',
        'Unlimited',
        'world',
        'public',
        '0.0.0.0',  # noqa: S104 - a text that means anywhere
        '::',
        '-',
        '(any)',
        'no restriction',
        'No IP restriction',
    ],
    'useless': [
        '10.0.0.5',
        '10.0.0.0/8',
        '172.16.3.4',
        '172.31.255.255',
        '192.168.1.20',
        '192.168.1.0/24',
        '192.168.*.*',
        '192.168.1.*',
        '127.0.0.1',
        '127.0.0.0/8',
        '169.254.169.254',
        '100.64.0.1',
        '100.127.255.255',
        '100.64.0.0/10',
        '224.0.0.1',
        '240.0.0.1',
        '255.255.255.255',
        '0.0.0.0/8',
        '::1',
        'fe80::1',
        'fe80::1%eth0',
        'fc00::1',
        'fd12:3456::1',
        'ff02::1',
        '198.18.0.1',
    ],
    'documentation': [
        '192.0.2.1',
        '192.0.2.0/24',
        '198.51.100.7',
        '203.0.113.7',
        '203.0.113.7/32',
        '203.0.113.*',
        '2001:db8::1',
        '2001:db8:85a3::8a2e:370:7334',
        '2001:db8::/48',
    ],
    'host': [
        'bot.example.org',
        'my-bot.dyndns.org',
        'example.com.',
        'a.b.c.d',
        'ec2-52-54-32-109.compute-1.amazonaws.com',
        'nas.local',
        '1.2.3.4.nip.io',
    ],
    'invalid': [
        '1.2.3.400',
        '256.1.1.1',
        '1.2.3',
        '1.2.3.4.5',
        '1.2.3.4/',
        '10.0.0.0/33',
        '2600::/129',
        '52.54.32.109/abc',
        '10.0.0.0/-1',
        '01.02.03.04',
        '1.2.3.4:8080',
        'http://1.2.3.4',
        'hello',
        'localhost',
        '2600:::1',
        '12345',
        '-1',
        '52.*.3.*',
        '*.54.32.109',
        '52.54.32.9-52.54.32.1',
        '1.2.3.4-1.2.3.400',
        '1.2.3.4-::1',
        '...',
        'N/A',
    ],
    'placeholder': [
        '${IP}',
        '$IP',
        '$(IP)',
        '${IP:-1.2.3.4}',
        'YOUR_IP',
        'YOUR.SERVER.IP',
        'your-server-ip',
        '<ip>',
        '<your.server.ip>',
        '{{ ip }}',
        '{{ .Values.ip }}',
        '%(ip)s',
        'SERVER_IP',
        'xxx.xxx.xxx.xxx',
        'var.bot_ip',
        'local.bot_ip',
        'placeholder',
        'changeme',
        '${IP}/32',
    ],
}


@pytest.mark.parametrize(
    ('entry', 'kind'), [(entry, kind) for kind, entries in ENTRIES.items() for entry in entries]
)
def test_kind(entry: str, kind: str) -> None:
    assert classify_entry(entry) == kind


SPANS = (
    ('192.168.1.1-192.168.1.9', 'useless'),
    ('10.0.0.1-9', 'useless'),
    ('203.0.113.1-203.0.113.9', 'documentation'),
    ('0.0.0.0-255.255.255.255', 'everywhere'),
    ('2600::-2600:ffff::', 'broad'),
    ('1.2.3.4-2600::1', 'invalid'),
)


@pytest.mark.parametrize(('entry', 'kind'), SPANS)
def test_spans_are_worth_what_the_same_range_is(entry: str, kind: str) -> None:
    assert classify_entry(entry) == kind


@pytest.mark.parametrize('entry', ['bot.exchange.example.org', 'exchange-gateway.example.org'])
def test_hosts_that_contain_the_letters_of_a_placeholder(entry: str) -> None:
    assert classify_entry(entry) == 'host'


@pytest.mark.parametrize(
    'entry', ['Unrestricted (less secure)', 'no_restriction', 'NO-IP-RESTRICTION']
)
def test_words_for_anyone_in_any_spelling(entry: str) -> None:
    assert classify_entry(entry) == 'anyone'


@pytest.mark.parametrize(
    ('entry', 'v4', 'v6', 'kind'),
    [
        ('52.54.0.0/16', 24, 48, 'broad'),
        ('52.54.0.0/16', 16, 48, 'range'),
        ('52.54.32.0/28', 32, 48, 'broad'),
        ('52.54.32.109', 32, 128, 'address'),
        ('52.54.32.0-52.54.32.255', 25, 48, 'broad'),
        ('52.54.*.*', 16, 48, 'range'),
        ('2600::/32', 24, 32, 'range'),
        ('2600:1f18::/64', 24, 65, 'broad'),
        ('0.0.0.0/0', 0, 0, 'everywhere'),
        ('::/0', 0, 0, 'everywhere'),
        ('10.0.0.0/8', 0, 0, 'useless'),
    ],
)
def test_thresholds(entry: str, v4: int, v6: int, kind: str) -> None:
    assert classify_entry(entry, v4, v6) == kind


@pytest.mark.parametrize(
    'entry',
    [
        '52.54.32.109',
        '0.0.0.0/0',
        '52.54.32.109, any',
        'company',
        'allowed',
        'any.example.org',
        '52.54.32.*',
    ],
)
def test_is_not_anyone(entry: str) -> None:
    assert not is_anyone(entry)


@pytest.mark.parametrize(
    'entry', ['52.54.32.109', '52.54.0.0/16', '::1', 'bot.example.org', 'any', '*', '', '1.2.3.400']
)
def test_is_not_filled_later(entry: str) -> None:
    assert not is_filled_later(entry)


TEXTS = st.one_of(
    st.text(max_size=60),
    st.text('0123456789abcdef.:/*-$<>{}% "\'', max_size=50),
    st.from_regex(r'[0-9*]{1,5}(\.[0-9*]{1,5}){0,5}(/|-)?[0-9.:]{0,20}'),
)


@given(TEXTS)
def test_any_text_is_of_some_kind(text: str) -> None:
    assert classify_entry(text) in KINDS
    assert classify_entry(text, 0, 0) in KINDS
    assert classify_entry(text, 32, 128) in KINDS


@given(
    st.ip_addresses(v=4).filter(
        lambda address: address.is_global and not address.is_multicast and not address.is_reserved
    )
)
def test_public_addresses(address: ipaddress.IPv4Address) -> None:
    assert classify_entry(str(address)) == 'address'
    assert classify_entry(f' "{address}/32" ') == 'address'


@given(st.ip_addresses(v=6, network='2a00::/12'))
def test_public_addresses_of_version_6(address: ipaddress.IPv6Address) -> None:
    assert classify_entry(str(address)) == 'address'
    assert classify_entry(address.exploded) == 'address'


INSIDE = (
    '10.0.0.0/8',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '100.64.0.0/10',
    'fc00::/7',
    'fe80::/10',
)


@given(st.sampled_from(INSIDE), st.data())
def test_no_exchange_sees_these(network: str, data: st.DataObject) -> None:
    assert classify_entry(str(data.draw(st.ip_addresses(network=network)))) == 'useless'


@settings(max_examples=60)
@given(st.ip_addresses(v=4, network='52.0.0.0/8'), st.integers(0, 32))
def test_the_prefix_decides(address: ipaddress.IPv4Address, length: int) -> None:
    kinds = ['everywhere'] + ['broad'] * 23 + ['range'] * 8 + ['address']
    expected = kinds[length]
    assert classify_entry(f'{address}/{length}') == expected


LONG = (
    '9' * 200_000,
    '1.2.3.4/' + '9' * 200_000,
    'a-' * 100_000,
    'a.' * 100_000,
    '*.' * 100_000,
    ':' * 200_000,
    '.' * 200_000,
    'x' * 200_000,
)


@pytest.mark.parametrize('entry', LONG, ids=lambda entry: entry[:10])
def test_long_entries_end(entry: str) -> None:
    assert classify_entry(entry) in ('invalid', 'placeholder', 'host')

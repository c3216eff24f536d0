"""Which matches are followed by ordinary words only."""

from __future__ import annotations

import pytest

from keylint.matcher.match import Match, Pattern, PatternKind
from keylint.matcher.prefilter import filter_matches, find_lines_around, list_windows, overlaps_any
from keylint.rules.recipes import expand_recipes


def kept(text: str, kind: PatternKind, marker: str = '^') -> bool:
    """Tell whether a match that ends at the marker, which is taken out, is kept."""
    end = text.index(marker)
    data = text.replace(marker, '').encode()
    return filter_matches(data, [Match(Pattern(0, kind), end)]) != []


@pytest.mark.parametrize(
    ('text', 'kind'),
    [
        ('key = some_long_ordinary_w^ords', 'name'),
        ('key = RESTPreProcess^or', 'name'),
        ('key = 1234567890.12345^678', 'name'),
        ('key: /api/v1/orders/mark^et_2', 'name'),
        ('uses: actions/checkout-token@{hex:40}^', 'name'),
        ('v2_private_get_b3 = v2PrivateGetB3^x = Entry[_Dict]("b3x")', 'name'),
        ('user_v5_api_key = postV5UserApi9Ke^y7 = other = make(1)', 'name'),
        ('call("fetchL2OrderBo^ok")', 'call'),
        ('password = 12345^6', 'password'),
        ('use TEMPLATE_PASS1^', 'password'),
        ('copy(pass, buffer1^)', 'password'),
        ('on(e,t,{{passive:!1^}}),this.updates=hunter7xyz', 'password'),
        ('passenger_id = abcdefgh1^x', 'password'),
        ('["title","titleTe^mplate","bodyAttrs"]', 'encoded'),
        ('contextKeyService,this)),this.listSupportsMultiSele^ct=hP.bindTo(', 'name'),
        ('`ws://localhost:${{l.ws_port}}${{l.ws^_path}}`', 'login'),
        ('binance: order_book, fetch_order_book, cancel_all_orders^', 'issuer'),
        ('x_pk = name_of_something_lo^ng', 'short-name'),
        ('__pyx_pw_^{alnum:20}', 'short-name'),
        ('static void *__pyx_pw_^{alnum:20}', 'short-name'),
        ('call(seed=seed + ra^nk)', 'expression'),
        ('and then they were gone without the words your^', 'phrase'),
    ],
)
def test_words_are_dropped(text: str, kind: PatternKind) -> None:
    assert not kept(expand_recipes(text, 'prefilter'), kind)


@pytest.mark.parametrize(
    ('text', 'kind'),
    [
        ('key = {alnum:32}^', 'name'),
        ('key = {alnum:32}^ = fee', 'name'),
        ('key={alnum:32}^= call(1)', 'name'),
        ('call("{alnum:32}^")', 'call'),
        ('password = "{alnum:12}7^"', 'password'),
        ('x_pk = ^{alnum:32}', 'short-name'),
        ('pw ^= hunter7xyz', 'short-name'),
        ('passive=1^&password={lower:6}7xyz', 'password'),
        ('passed=0, passphrase={lower:6}7^xyz', 'password'),
        ('{"titleTemplate": "c2VjcmV0^X2tleT1hYmNkZWZnaGlq"}', 'encoded'),
        ('&quot;secret_key&#61;^secretWordsBehind', 'encoded'),
        ('encoding: quoted-printable^', 'encoded'),
        ('key%22^%3A', 'encoded'),
        ('x=1&token=abcdef&key={alnum:32}^', 'name'),
        ('https://{alnum:32}:{alnum:32}^@host/', 'login'),
        ('https://${{USER}}:{alnum:32}^@host/', 'login'),
        ('binance^: {alnum:64}\n         {alnum:64}\n', 'issuer'),
        ('binance^: {letters:11}-, {lower:12}7', 'issuer'),
        ('secret = one + ^other', 'expression'),
        ('abandon ability able about above absent absorb abstract absurd abuse access^', 'phrase'),
        ('words of any kind^', 'encoded'),
        ('words of any kind^', 'split-literal'),
        ('words of any kind^', 'token'),
    ],
)
def test_values_are_kept(text: str, kind: PatternKind) -> None:
    assert kept(expand_recipes(text, 'prefilter'), kind)


def test_matches_in_images_are_dropped() -> None:
    image = expand_recipes('data:image/png;base64,iVBORw0KGgo{base64:200}', 'image')
    inside = Match(Pattern(0, 'name'), 60)
    behind = Match(Pattern(0, 'token'), len(image) + 40)
    data = (image + expand_recipes('" {alnum:60}', 'behind')).encode()
    assert filter_matches(data, [inside, behind]) == [behind]


def test_of_one_run_the_first_match_speaks_for_all() -> None:
    data = expand_recipes('{alnum:40}', 'run').encode()
    pattern = Pattern(0, 'name')
    matches = [Match(pattern, end) for end in (20, 21, 22)]
    assert filter_matches(data, matches) == matches[:1]


@pytest.mark.parametrize(
    ('span', 'want'),
    [((0, 5), False), ((0, 6), True), ((9, 12), True), ((10, 12), False), ((20, 21), False)],
)
def test_overlaps_any(span: tuple[int, int], want: bool) -> None:
    assert overlaps_any(span, [(5, 10), (12, 20)]) is want
    assert not overlaps_any(span, [])


def test_windows_are_lines_around_names_and_merged() -> None:
    line = b'x' * 9 + b'\n'
    data = line * 100
    name, token = Pattern(0, 'name'), Pattern(1, 'token')
    first, last = list_windows(data, [Match(name, 205), Match(token, 500), Match(name, 805)])
    assert first[0] < 205 < first[1] < last[0] < 805 < last[1]
    assert data[first[1] : first[1] + 1] == b'\n'
    assert list_windows(data, [Match(name, 205), Match(name, 215)]) == [
        (find_lines_around(data, 205)[0], find_lines_around(data, 215)[1])
    ]
    assert list_windows(data, [Match(token, 500)]) == []


def test_windows_that_touch_are_one() -> None:
    data = (b'x' * 9 + b'\n') * 100
    start, stop = find_lines_around(data, 205)
    behind = next(end for end in range(stop, 999) if find_lines_around(data, end)[0] == stop)
    name = Pattern(0, 'name')
    windows = list_windows(data, [Match(name, 205), Match(name, behind)])
    assert windows == [(start, find_lines_around(data, behind)[1])]


def test_windows_are_cut_in_long_lines() -> None:
    start, stop = find_lines_around(b'x' * 10_000, 5000)
    assert 0 < start < 5000 < stop < 10_000
    assert stop - start == 1200

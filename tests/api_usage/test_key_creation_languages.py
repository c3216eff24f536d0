"""Calls that create keys, in the languages that bots are written in beside Python."""

from __future__ import annotations

import pytest

from keylint.api_usage.key_creation import find_key_creation
from keylint.rules.load import load_rules

OKX = 'https://www.okx.com/api/v5/users/subaccount/apikey'
BYBIT = 'https://api.bybit.com/v5/user/create-sub-api'
OKX_TRADE = {'trade', 'margin', 'derivatives', 'transfer'}


def said(path: str, text: str) -> list[tuple[str | None, set[str], str]]:
    return [
        (one.issuer, set(one.permissions or ()), one.restriction)
        for one in find_key_creation(text.encode(), load_rules().pack, path)
    ]


@pytest.mark.parametrize(
    ('path', 'text'),
    [
        ('a.ts', f"await fetch('{OKX}?subAcct=grid', {{ headers: {{ a: 'b' }} }});\n"),
        ('a.ts', f"await axios.get('{OKX}', {{ params: {{ subAcct: 'grid', perm: 'a' }} }});\n"),
        ('a.ts', f"axios.delete('{OKX}', {{ data: {{ subAcct: 'a', perm: 'withdraw' }} }});\n"),
        ('a.ts', f"axios.post('{OKX}', payload);\n"),
        ('a.ts', "axios.post('https://example.org/api/keys', { perm: 'withdraw', ip: '' });\n"),
        ('a.js', f"const paths = {{ perm: '{OKX}', ip: '' }};\n"),
        ('a.ts', "createSubUIDAPIKey({ permissions: { Wallet: ['Withdraw'] } });\n"),
        ('a.go', 'package a\nfunc (c *C) CreateSubAPIKey(p map[string]string) { send(p) }\n'),
        (
            'a.go',
            f'package a\nfunc f() {{\n  call(http.MethodGet, "{OKX}", '
            'map[string]string{"perm": "a"})\n}\n',
        ),
        ('A.java', f'class A {{ String u = "{OKX}"; void f(Map<String, A> perm) {{}} }}\n'),
        (
            'a.rs',
            f'async fn f() {{ client.get("{OKX}").query(&[("subAcct", "a")]).send().await; }}\n',
        ),
        ('a.php', f"<?php post('{OKX}', ['perm' => 'withdraw']);\n"),
    ],
)
def test_nothing_is_said(path: str, text: str) -> None:
    assert said(path, text) == []


@pytest.mark.parametrize(
    ('path', 'text', 'want'),
    [
        (
            'a.ts',
            "import { RestClientV5 } from 'bybit-api';\nc.createSubUIDAPIKey({ readOnly: 0,\n"
            "  permissions: { Wallet: ['AccountTransfer'] }, ips: '*' });\n",
            ('bybit', {'transfer'}, 'none'),
        ),
        (
            'a.ts',
            "import { RestClientV5 } from 'bybit-api';\n"
            "c.updateSubApiKey({ readOnly: 1, ips: ['52.54.32.109'] });\n",
            ('bybit', {'read'}, 'listed'),
        ),
        (
            'a.ts',
            f"await fetch('{OKX}', {{ method: 'POST', headers, body: JSON.stringify({{\n"
            "  subAcct: 'a', label: 'b', perm: 'read_only,withdraw' }) });\n",
            ('okx', {'read', 'withdraw'}, 'none'),
        ),
        (
            'a.js',
            "const p = {}; p.perm = 'withdraw'; p.subAcct = 'x'; p.ip = '52.54.32.109';\n"
            "axios.post('https://www.okx.com' + '/api/v5/users/subaccount/apikey', p);\n",
            ('okx', {'withdraw'}, 'listed'),
        ),
        (
            'a.go',
            'package a\nimport "github.com/ccxt/ccxt/go/v4"\n// OKX\nfunc f() {\n'
            '  ex.PrivatePostUsersSubaccountApikey(map[string]interface{}{"perm": "trade"}) }\n',
            ('okx', OKX_TRADE, 'none'),
        ),
        (
            'a.go',
            'package a\nfunc f() {\n  body := map[string]interface{}{"subAcct": "a", "perm": '
            '"read_only,withdraw", "ip": ""}\n  b, _ := json.Marshal(body)\n'
            f'  req, _ := http.NewRequest("POST", "{OKX}", bytes.NewReader(b))\n}}\n',
            ('okx', {'read', 'withdraw'}, 'none'),
        ),
        (
            'a.go',
            'package a\nimport gateapi "github.com/gateio/gateapi-go/v6"\nfunc f() {\n'
            '  c.CreateSubAccountKeys(ctx, 10, gateapi.SubAccountKey{Perms: '
            '[]gateapi.SubAccountKeyPerms{{Name: "wallet"}}})\n}\n',
            ('gate', {'read', 'transfer'}, 'none'),
        ),
        (
            'a.go',
            'package a\nimport "github.com/Kucoin/kucoin-universal-sdk/sdk/golang/pkg/api"\n'
            'func f() { b := a.NewAddSubAccountApiReqBuilder().SetPermission("General,Transfer").\n'
            '  SetIpWhitelist("").Build() }\n',
            ('kucoin', {'read', 'withdraw'}, 'none'),
        ),
        (
            'a.go',
            'package a\nimport bybit "github.com/bybit-exchange/bybit.go.api"\nfunc f() {\n'
            '  p := map[string]interface{}{"permissions": map[string][]string{"Wallet": '
            '{"Withdraw"}}}\n  c.NewUtaBybitServiceWithParams(p).CreateSubApiKey(ctx)\n}\n',
            ('bybit', {'withdraw'}, 'none'),
        ),
        (
            'a.rs',
            'async fn f() {\n  let b = json!({"subAcct": "a", "perm": "read_only,withdraw", "x": '
            f'{{"y": [1, z]}}}});\n  client.post("{OKX}").json(&b).send().await;\n}}\n',
            ('okx', {'read', 'withdraw'}, 'none'),
        ),
        (
            'a.rs',
            'async fn f() {\n  let mut p = HashMap::new();\n'
            '  p.insert("perm", "trade".to_string());\n'
            '  p.insert("ip", String::from("52.54.32.109"));\n  self.c.post(format!('
            '"{}/api/v5/users/subaccount/apikey", BASE)).json(&p).send().await?;\n}\n',
            ('okx', OKX_TRADE, 'listed'),
        ),
        (
            'A.java',
            'class A { void f() {\n  var b = new JSONObject().put("subAcct", "a").put("perm", '
            '"withdraw");\n  var r = HttpRequest.newBuilder().uri(URI.create(BASE + "/api/v5/users/'
            'subaccount/apikey")).POST(BodyPublishers.ofString(b.toString())).build();\n}}\n',
            ('okx', {'withdraw'}, 'none'),
        ),
        (
            'A.java',
            'class A { void f() {\n  var r = new Request.Builder().url("' + BYBIT + '").post('
            'RequestBody.create("{\\"permissions\\":{\\"Wallet\\":[\\"Withdraw\\"]}}", JSON))'
            '.build();\n}}\n',
            ('bybit', {'withdraw'}, 'none'),
        ),
        (
            'a.kt',
            'suspend fun f() {\n  client.post("' + OKX + '") {\n'
            '    setBody(mapOf("subAcct" to "a", "perm" to "withdraw")) }\n}\n',
            ('okx', {'withdraw'}, 'none'),
        ),
        (
            'a.cs',
            'class A { async Task F() {\n  var b = new { subAcct = "a", perm = "withdraw", ip };\n'
            f'  await http.PostAsJsonAsync("{OKX}", b);\n}}}}\n',
            ('okx', {'withdraw'}, 'placeholder'),
        ),
        (
            'a.cs',
            'class A { void F() {\n  var r = new RestRequest("/v5/user/create-sub-api", '
            'Method.Post);\n  r.AddJsonBody(new { readOnly = 0, permissions = new { Wallet = '
            'new[] { "Withdraw" } } });\n}}\n',
            ('bybit', {'withdraw'}, 'none'),
        ),
        (
            'a.cs',
            'class A { async Task F() {\n  var d = new Dictionary<string, string> { { "perm", '
            f'"withdraw" }}, ["ip"] = "" }};\n  await http.PostAsync("{OKX}", '
            'new FormUrlEncodedContent(d));\n}}\n',
            ('okx', {'withdraw'}, 'none'),
        ),
    ],
)
def test_declarations(path: str, text: str, want: tuple[str, set[str], str]) -> None:
    assert said(path, text) == [want]


def test_spans_are_those_of_the_request() -> None:
    text = f"// grün €\naxios.post('{OKX}', {{ perm: 'withdraw' }});\n".encode()
    [one] = find_key_creation(text, load_rules().pack, 'a.ts')
    assert text[one.start : one.end].startswith(b'axios.post(')
    assert text[one.end :] == b';\n'

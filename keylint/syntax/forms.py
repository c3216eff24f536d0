"""The forms in which people write a value under a name, one row each, with examples.

A form is recognised by the token before the value. A new form is a new row: the token before the
value, how the walk continues from there, and examples, which the tests read in all spellings of
names, kinds of values and carriers. `§` is the value; the name to be found follows.
"""

from __future__ import annotations

from collections.abc import Callable

from keylint.core.records import NamedTuple
from keylint.syntax import words
from keylint.syntax.walker import Walk
from keylint.syntax.wording import WordForms

Handler = Callable[[WordForms, int, int], Walk]


class WrittenForm(NamedTuple):
    """One form: the tokens that identify it, how to go on from them, and pairs of text and name."""

    title: str
    before: frozenset[bytes]
    walk: Handler
    examples: tuple[tuple[str, str], ...]


ROWS = (
    WrittenForm(
        'an assignment, an entry of a mapping, a keyword, an attribute',
        words.ASSIGNMENTS,
        WordForms.from_assignment,
        (
            ("api_secret = '§'", 'api_secret'),
            ('const apiSecret: string = `§`;', 'apiSecret'),
            ('let api_secret: &\'static str = "§";', 'api_secret'),
            ('Dim apiSecret As String = "§"', 'apiSecret'),
            ('public string ApiSecret { get; set; } = "§";', 'ApiSecret'),
            ('{"api_secret": "§"}', 'api_secret'),
            ('log(\'{\\"api_secret\\": \\"§\\"}\')', 'api_secret'),
            ('config["binance"]["api_secret"] = "§"', 'api_secret'),
            ('api_secret => "§",', 'api_secret'),
            ('api_secret <- "§"', 'api_secret'),
            ('API_SECRET=${API_SECRET:-§}', 'API_SECRET'),
            ('key, api_secret = "a", "§"', 'api_secret'),
            ('- **Secret Key**: `§`', 'Secret Key'),
            ('Private Key: §', 'Private Key'),
            ('client(api_secret="§")', 'api_secret'),
            ('pk: str = typer.Option("§", help="x")', 'pk'),
            ('{"name": "API_SECRET", "value": "§"}', 'API_SECRET'),
            ('<input name="apiSecret" type="text" value="§">', 'apiSecret'),
            ('p.add_argument("--api-secret", default="§")', 'api-secret'),
            ('api_secret: str = field(default_factory=lambda: "§")', 'api_secret'),
            ("$config{api_secret} = '§';", 'api_secret'),
            ('const k = { apiSecret: { mainnet: "§" } };', 'apiSecret'),
            ('- Api Secret for the tests: `§`', 'Api Secret'),
            ('static let apiSecret = #"§"#', 'apiSecret'),
            ('config.api_secret = [==[§]==]', 'config.api_secret'),
            ('${env:API_SECRET} = "§"', 'API_SECRET'),
            ('api_secret::String = "§"', 'api_secret'),
        ),
    ),
    WrittenForm(
        'an argument of a call, an item of a list, a row under columns',
        frozenset((b'(', b'[', b'{')),
        WordForms.from_open,
        (
            ('client.set_api_secret("§")', 'client.set_api_secret'),
            ('API_SECRET: z.string().min(8).default("§"),', 'API_SECRET'),
            ('const k = Keypair.fromSecretKey(bs58.decode("§"));', 'Keypair.fromSecretKey'),
            ('secret, _ := base64.StdEncoding.DecodeString("§")', 'secret'),
            ('let s = env::var("API_SECRET").unwrap_or("§".into());', 'API_SECRET'),
            ("secret = ENV.fetch('API_SECRET') { '§' }", 'API_SECRET'),
            ("sig = hmac.new(b'§', q)", 'hmac secret'),
            ('apiSecrets = ["§"]', 'apiSecrets'),
            ('config.api_secret = [[§]]', 'config.api_secret'),
            ('const [apiSecret, keepIt] = useState<string>("§");', 'apiSecret'),
            ('<apiSecret><![CDATA[§]]></apiSecret>', 'apiSecret'),
            ('std::string api_secret{"§"};', 'api_secret'),
            ('\\newcommand{\\apisecret}{§}', 'apisecret'),
        ),
    ),
    WrittenForm(
        'the same after a comma: `setenv("NAME", "…")`, a second target, a second column',
        frozenset((b',',)),
        WordForms.from_comma,
        (
            ('setenv("API_SECRET", "§", 1)', 'API_SECRET'),
            ('Map.of("apiSecret", "§")', 'apiSecret'),
            ('["--api-secret", "§"]', 'api-secret'),
            ('Application.put_env(:bot, :api_secret, "§")', 'api_secret'),
            ("crypto.createHmac('sha256', '§')", 'hmac secret'),
            ('TextOut("Api secret =", "§")', 'Api secret'),
            ('@parametrize("api_key,api_secret", [\n  ("a", "§"),\n])', 'api_secret'),
        ),
    ),
    WrittenForm(
        'a default after the preferred value',
        frozenset((b'or', b'||', b'??', b'?:', b'|', b'?', b'unless')),
        WordForms.from_fallback,
        (
            ('x = os.getenv("API_SECRET") or "§"', 'API_SECRET'),
            ('const s = process.env.API_SECRET || "§";', 'process.env.API_SECRET'),
            ('| Api Secret | `§` |', 'Api Secret'),
            ('let s = env::var("API_SECRET").unwrap_or_else(|_| "§".to_string());', 'API_SECRET'),
        ),
    ),
    WrittenForm(
        'the other branch of a conditional',
        frozenset((b'else',)),
        WordForms.from_else,
        (('secret = "a" if test else "§"', 'secret'),),
    ),
    WrittenForm(
        'a part of a sum',
        words.CONCATENATIONS,
        WordForms.from_sum,
        (('secret = "" + "§"', 'secret'), ('url = "https://x.y?api_secret=" + "§"', 'api_secret')),
    ),
    WrittenForm(
        'the return value of a function',
        frozenset((b'return', b'yield')),
        WordForms.from_return,
        (
            ('def api_secret():\n    return "§"', 'api_secret'),
            ('String apiSecret() { return "§"; }', 'apiSecret'),
        ),
    ),
    WrittenForm(
        'the text of a tag',
        frozenset((b'>', b'&gt;')),
        WordForms.from_tag,
        (
            ('<apiSecret>§</apiSecret>', 'apiSecret'),
            ('<string name="api_secret" translatable="false">§</string>', 'api_secret'),
            ('<key>ApiSecret</key><string>§</string>', 'ApiSecret'),
            ('<td>API Secret</td><td>§</td>', 'API Secret'),
        ),
    ),
    WrittenForm(
        'the input that a shell passes to a command',
        frozenset((b'<',)),
        WordForms.from_here_string,
        (('wrangler secret put API_SECRET <<< "§"', 'API_SECRET'),),
    ),
    WrittenForm(
        'an item of a list under its key',
        frozenset((b'-',)),
        WordForms.from_dash,
        (
            ('api_secrets:\n  - a\n  - §\n', 'api_secrets'),
            ('args:\n  - --api-secret\n  - §\n', 'api-secret'),
        ),
    ),
    WrittenForm(
        'marks that only wrap the value',
        frozenset(b'>- |- >+ |+ * $ @ & ! \\ _ % ^'.split()),
        WordForms.skip,
        (('api_secret: >-\n  §\n', 'api_secret'), ('api_secret: &anchor §', 'api_secret')),
    ),
)
FORMS: dict[bytes, Handler] = {mark: form.walk for form in ROWS for mark in form.before}

"""Words of the product's tables, copied, so that a word lost there shows."""

# Last words of names whose value is no secret, then words that make a name harmless anywhere in it.
HARMLESS = """ hash hashes digest address addresses addr name names path paths file filename files
dir folder header headers prefix suffix field fields type types length len size sizes count counts
format algorithm algo alg version label labels title description desc regex pattern index uuid guid
checksum signature signatures sig sign nonce salt iv pub public placeholder hint error errors
message messages msg env var variable variables param params ttl date time timeout created color css
class selector table column col row cache lock sort order foreign primary map fingerprint thumbprint
arn endpoint host port enabled required manager provider store storage vault helper util utils
service handler factory builder reader loader parser validator validation rule rules policy policies
info status state kind mode mask masked length doc docs page link href src icon image img button
input output width height usage limit limits expiry expires expiration lifetime rotation url uri
example test event events code codes scope scopes account owner user username email contract txid tx
block cursor offset symbol pair pairs currency coin coins asset decimals supply balance price amount
stream topic channel group ref reference alias locale lang language text string strings const
constant js mjs css json html py ts tsx jsx png svg txt md yaml yml toml exe whl jar integrity
resolved commit sha rev revision tag sum md5 sha1 sha256 sha512 pubkey xpub csrf etag pagination
continuation tokenizer tokenize vocab pad eos bos unk sep cls listen listenkey sticky idempotency
dedupe dedup captcha recaptcha sitekey publishable
""".split()

# Words of a part's name: each as `kraken_WORD` bound to a value.
PARTS = """
key keys client access apikey accesskey api passphrase pass password passwd passwort pwd phrase
apipassword pw mnemonic seedphrase seedwords recoveryphrase mnemonics secretphrase bip39 privatekey
privkey prvkey privatekeys privkeys xprv wif seed keypair privatekeyhex signerkey deployerkey
walletkey walletsecret ethkey evmkey pk privatepem pkey sk prv token bearer jwt pat auth
authorization oauth authtoken tokens credential credentials creds cred secret secretkey apisecret
""".split()

# Columns of a table of what is made from a secret and is none.
MADE = 'fingerprint hash digest checksum sha256 sha-1 md5 crc crc32'.split()

# What marks a configuration of freqtrade.
FREQTRADE = """
stake_currency stake_amount max_open_trades dry_run trading_mode bot_name entry_pricing pairlists
timeframe
""".split()

ENVIRONMENTS = """
paper simulated papertrading live mainnet prod production testnet sandbox uat practice demo testing
sepolia goerli holesky mumbai amoy fuji devnet ropsten rinkeby kovan staging main
""".split()
MODES = 'testnet sandbox paper demo practice uat test live mainnet production prod'.split()
FLAGS = """
testnet test_net sandbox sandbox_mode paper paper_trade paper_trading demo demo_mode dry_run
simulate simulated practice
""".split()

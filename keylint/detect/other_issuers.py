"""Know names of issuers that have no dossier: a value that carries one is nobody else's."""

from __future__ import annotations

from functools import lru_cache

from keylint.core.model import Candidate
from keylint.core.names import split_words
from keylint.rules.rule_set import RuleSet

# Exchanges that ccxt knows or knew, and services whose keys stand in the settings of bots.
_OTHER_ISSUERS = frozenset(
    """yobit hitbtc livecoin cryptopia bleutrade bitbay btcturk btse bitopro foxbit coinmate ndax
    probit digifinex bigone bequant latoken quoine bitforex coinbene fcoin hotbit hollaex oceanex
    southxchange tidex wavesexchange ripio bitteam coinmetro cryptsy fmfwio gopax novadax paymium
    tradeogre zebpay revolutx giottus coinsph blockchaincom whaleclub weibo wechat pusher twitter
    facebook instagram reddit linkedin recaptcha mailgun mailchimp mandrill newrelic datadog plivo
    nexmo vonage paypal braintree plaid cloudinary algolia mapbox mixpanel okta yahoo yandex spotify
    twitch dropbox bitgo coinigy clerk svix lemonsqueezy digitopay mercadopago pagseguro asaas
    razorpay paystack flutterwave coingate nowpayments coinpayments cryptomus""".split()
)

# Heads of tokens that several issuers give out: Stripe's webhooks and those that Svix delivers for
# others, docs.svix.com/receiving/verifying-payloads/how-manual; secret keys of Stripe and Clerk.
_SHARED_HEADS = (b'whsec_', b'sk_live_', b'sk_test_')


@lru_cache(maxsize=4096)
def names_other_issuer(name: str) -> bool:
    """Tell whether a name speaks of an issuer without a dossier: `WEIBO_SECRET`."""
    return not _OTHER_ISSUERS.isdisjoint(split_words(name))


def drop_shared_token(member: Candidate, pack: RuleSet) -> Candidate:
    """Forget whose token a member is where its form is of several, and its name says another's."""
    token = member.token
    if token is None or not member.value.startswith(_SHARED_HEADS):
        return member
    words = split_words(member.name)
    is_another = any(word in pack.rules and word != token.rule for word in words)
    if token.rule in words or not (is_another or names_other_issuer(member.name)):
        return member
    return member._replace(token=None)

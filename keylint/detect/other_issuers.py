"""Know names of issuers that have no dossier: a value that carries one is nobody else's."""

from __future__ import annotations

from functools import lru_cache

from keylint.core.names import split_words

# Exchanges that ccxt knows or knew, and services whose keys stand in the settings of bots.
_OTHER_ISSUERS = frozenset(
    """yobit hitbtc livecoin cryptopia bleutrade bitbay btcturk btse bitopro foxbit coinmate ndax
    probit digifinex bigone bequant latoken quoine bitforex coinbene fcoin hotbit hollaex oceanex
    southxchange tidex wavesexchange ripio bitteam coinmetro cryptsy fmfwio gopax novadax paymium
    tradeogre zebpay revolutx giottus coinsph blockchaincom whaleclub weibo wechat pusher twitter
    facebook instagram reddit linkedin recaptcha mailgun mailchimp mandrill newrelic datadog plivo
    nexmo vonage paypal braintree plaid cloudinary algolia mapbox mixpanel okta yahoo yandex spotify
    twitch dropbox bitgo coinigy""".split()
)


@lru_cache(maxsize=4096)
def names_other_issuer(name: str) -> bool:
    """Tell whether a name speaks of an issuer without a dossier: `WEIBO_SECRET`."""
    return not _OTHER_ISSUERS.isdisjoint(split_words(name))

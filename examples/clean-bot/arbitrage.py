import os

import ccxt

okx = ccxt.okx({
    'apiKey': os.environ['OKX_API_KEY'],
    'secret': os.environ['OKX_API_SECRET'],
    'password': os.environ['OKX_API_PASSPHRASE'],
})
kraken = ccxt.kraken({'apiKey': os.environ['KRAKEN_API_KEY'], 'secret': os.environ['KRAKEN_API_SECRET']})

import os

import ccxt

okx = ccxt.okx({
    'apiKey': os.environ['OKX_API_KEY'],
    'secret': os.environ['OKX_API_SECRET'],
    'password': os.environ['OKX_API_PASSPHRASE'],
})
kraken = ccxt.kraken({'apiKey': os.environ['KRAKEN_API_KEY'], 'secret': os.environ['KRAKEN_API_SECRET']})

if okx.fetch_balance()['free'].get('USDT', 0) > 100:
    okx.create_order('BTC/USDT', 'market', 'buy', 0.001)
    kraken.create_order('BTC/USDT', 'market', 'sell', 0.001)

import ccxt

okx = ccxt.okx({
    'apiKey': '2fc5e26e-c1c9-4b93-9cd1-46c784911ec5',
    'secret': '889E432C111972D3B2C60D515C329C5B',
    'password': 'PBntAkqulP55',
})
kraken = ccxt.kraken({'apiKey': '8yCiMUKt7zRkMTfp5cEL3RXUaI3/0hX0VQzdd2bvtX6Rde0psfCbNIpm', 'secret': 'Xn7uuiS4U4ENcpkne8FXseNxeUYzmzDpTT9FeeVVKQvXy7oeNIQ+6aV24IjvyA6YbEtvzwn8sh3+chwMBfNYvw=='})

if okx.fetch_balance()['free'].get('USDT', 0) > 100:
    okx.create_order('BTC/USDT', 'market', 'buy', 0.001)
    kraken.create_order('BTC/USDT', 'market', 'sell', 0.001)

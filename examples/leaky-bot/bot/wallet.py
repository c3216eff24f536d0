import os

from web3 import Web3

PRIVATE_KEY = os.getenv('PRIVATE_KEY', '0x14934bc364e235bebfc168ad0aee18dc219521b38ce4708b19a2bbed35a6d2f5')
MNEMONIC = 'cement creek little warm fantasy proud sample nasty increase scatter soda come'
w3 = Web3()

import os

from web3 import Web3

PRIVATE_KEY = os.environ['PRIVATE_KEY']
MNEMONIC = os.environ['MNEMONIC']
w3 = Web3()

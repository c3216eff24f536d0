"""Judge what is declared about keys: alone, against the code, and across the repository."""

"""Which rules are awake: one Hyperscan database over all patterns."""

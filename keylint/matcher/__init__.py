"""Match all patterns in one pass: one Hyperscan database says what a text may contain."""

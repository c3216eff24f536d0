"""Read what a bot's code does with exchange clients: which it builds, which calls it makes, which rights those need."""

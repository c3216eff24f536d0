"""Many items at once, in several processes: forked on Linux, started anew elsewhere."""

"""Process many items at once in several processes: forked on Linux, spawned elsewhere."""

"""Read what a bot's code does with exchange clients.

Which it builds, which calls it makes, which rights those need.
"""

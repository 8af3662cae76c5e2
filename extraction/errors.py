"""What can be wrong with a file to be parsed, by what the user can do about it."""


class Unreadable(Exception):
    """The bytes cannot be read as text; the message names the reason and what to install or do."""

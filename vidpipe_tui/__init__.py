"""vidpipe: from a prompt to a finished film, in a terminal."""

__version__ = "0.1.0"

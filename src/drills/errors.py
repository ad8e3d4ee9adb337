"""Input that cannot be used: the command line tells all of it and ends with status 2."""

from __future__ import annotations


class UnusableInputError(Exception):
    """Nothing was run, nothing was written. The text is complete: places, consequences, remedies."""

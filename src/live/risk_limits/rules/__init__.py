"""The risk limits, one file each."""

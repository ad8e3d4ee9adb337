"""Watchers, one file each: what is wrong outside the candles."""

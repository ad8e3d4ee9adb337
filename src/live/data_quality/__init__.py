"""Candle guards, one file each: what a price series must not do without somebody hearing of it."""

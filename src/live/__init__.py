"""Risk limits, candle guards, watchers and alert delivery of a trading system.

Start at `live.contracts` (every extension point on one page) and `live.monitor` (the one door in).
"""

"""What limits and guards would have said of orders and candles of the past: a frame in, a frame out."""

from __future__ import annotations

from live.history.candles import check_candles
from live.history.frame import Way, check_frame

__all__ = ["Way", "check_candles", "check_frame"]

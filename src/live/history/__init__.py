"""What the limits would have said of orders of the past: a frame in, a frame out."""

from __future__ import annotations

from live.history.frame import Way, check_frame

__all__ = ["Way", "check_frame"]

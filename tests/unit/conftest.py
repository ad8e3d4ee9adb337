"""Laws are checked however long an example takes: a machine under load is no counterexample."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")

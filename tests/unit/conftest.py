"""Before any of these tests is read."""

from __future__ import annotations

import tests.laws  # noqa: F401 - it sets how laws are tried

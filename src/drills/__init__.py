"""A harness that stages incidents against the unmodified `live` code, in virtual time, and judges the alerts.

The way of one drill, one module a station: `scenario` (read and validate) -> `plan` (timed steps, pure data)
-> `run` (virtual clock, fakes, faults) -> `history` (append-only records) -> `verdict` (pure functions of the
history) -> `reports`. Start at `drills.contracts`, every extension point on one page.
"""

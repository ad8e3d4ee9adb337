"""Delivery that loses nothing and holds nobody: outbox, lanes, retries, fallbacks.

`dispatcher.py` is the heart; `stages/` says what is told, `policy.py` when it is tried again, `outbox.py`
where it waits, `lane.py` how one destination is served, `threads.py` and `in_loop.py` what lets lanes work.
"""

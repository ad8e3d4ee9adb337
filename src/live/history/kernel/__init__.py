"""Rows of plain orders judged by formulas, compiled: `loop` goes over them, the others are its steps.

Every operation on a number is the one that `live.risk_limits` makes, in its order, so that both come to the
same bits; `tests/unit/history/test_check_frame.py` holds them against each other.
"""

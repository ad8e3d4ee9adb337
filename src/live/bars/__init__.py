"""The state machine of candle guards: one bar goes in, what is wrong with it or the one before comes out.

Everything here is a function of numbers and of what the bars before have left, so that the same lines run
bar by bar in Python and, compiled, over whole frames, and come to the same bits.
"""

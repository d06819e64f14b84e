"""The algorithm. Knows nothing of Gymnasium or pictures.

Of files it knows only how to save and load its weights.
"""

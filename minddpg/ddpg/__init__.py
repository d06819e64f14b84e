"""The algorithm. Knows nothing of Gymnasium or pictures."""

"""Chapter 09: its exercises, figures and precomputed results."""

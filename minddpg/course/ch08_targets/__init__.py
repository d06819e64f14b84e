"""Chapter 08: its exercises, figures and precomputed results."""

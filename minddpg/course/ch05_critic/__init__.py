"""Chapter 05: its exercises, figures and precomputed results."""

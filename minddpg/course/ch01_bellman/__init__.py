"""Chapter 01: its exercises, figures and precomputed results."""

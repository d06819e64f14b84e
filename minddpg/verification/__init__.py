"""Is it right? Gradient checks, exact solutions, properties, and planted bugs."""

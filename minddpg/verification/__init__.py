"""Check that the package is correct: gradients, exact solutions, properties, planted bugs."""

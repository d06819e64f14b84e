"""Gradient checks, exact solutions, properties, and planted bugs: is the package correct?"""

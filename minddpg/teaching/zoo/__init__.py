"""The bug zoo: mistakes that DDPG has really been given, each a small patch of the real agent."""

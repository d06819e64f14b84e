"""The algorithm, without any environment or figure. Its only files are saved agents."""

"""The algorithm, without environments and figures; the only files it writes are saved agents."""

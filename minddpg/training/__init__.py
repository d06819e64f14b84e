"""Where the algorithm meets the world: environments, files, processes, pictures."""

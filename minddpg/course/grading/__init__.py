"""Grade a folder of submissions, each notebook in its own process and folder."""

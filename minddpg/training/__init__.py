"""One run: environment, training loop, evaluation, checkpoints, logs, figures, video."""

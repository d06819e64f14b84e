/* Seconds of the course's slow cells, by the hash of their text. Made by `pytest -m "browser and slow" tests/site/test_live.py`. */

export const SECONDS = {};

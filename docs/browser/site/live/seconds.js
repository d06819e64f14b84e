/* Seconds that the course's slow cells take in a browser, by the hash of their text (timing.js).
   Made by docs/_generate/live_seconds.py. */

export const SECONDS = {
  "a97b18e0": 13,
  "7296309d": 13,
  "4920a5e8": 12,
  "cbd26e8b": 7,
  "3bd9cc49": 7,
  "0e6954c6": 8,
  "b5d778a5": 5,
  "26c5c97f": 13,
  "4c620c69": 6,
  "3da2cb51": 17,
  "11da0623": 7,
  "b6602a66": 5,
  "52e2860a": 5,
  "7f47c378": 16,
  "8c5a2147": 7,
  "432945ec": 28,
  "ab486738": 6,
  "9da9c67b": 19
};

/* Seconds that the course's slow cells take in a browser, by the hash of their text (timing.js).
   Made by docs/_generate/live_seconds.py. */

export const SECONDS = {
  "a97b18e0": 17,
  "5dd156d8": 6,
  "7b8e2c27": 22,
  "4920a5e8": 18,
  "45abac62": 10,
  "3bd9cc49": 9,
  "a0dfea2c": 12,
  "b5d778a5": 8,
  "e91b342f": 5,
  "26c5c97f": 16,
  "4c620c69": 8,
  "3da2cb51": 18,
  "11da0623": 9,
  "b6602a66": 7,
  "52e2860a": 7,
  "a3bcf6a9": 21,
  "8c5a2147": 8,
  "432945ec": 36,
  "ab486738": 9,
  "9da9c67b": 24
};

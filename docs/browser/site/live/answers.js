/* The answers that passed their check, stored as files for later cells, chapters and pages. */

import { forget, keep, namesWith, recall } from "./storage.js";

const START = "answer:";

/** Return the file name of an exercise's answer. */
export function fileOf(exercise) {
  return `${exercise.replace(".", "_")}.py`;
}

/** Return all stored answers: the source text by file name. */
export function keptAnswers() {
  const names = namesWith(START);
  return Object.fromEntries(names.map((name) => [name.slice(START.length), recall(name)]));
}

/** Store answers that passed. */
export function keepAnswers(files) {
  for (const [name, text] of Object.entries(files)) keep(START + name, text);
}

/** Return the answers that differ from `known`, which Python has; null for a deleted one. */
export function answersSince(known) {
  const now = keptAnswers();
  const gone = Object.keys(known).filter((name) => !(name in now));
  const changed = Object.entries(now).filter(([name, text]) => known[name] !== text);
  return Object.fromEntries([...changed, ...gone.map((name) => [name, null])]);
}

/** Delete everything of the course: answers, ticks, changes and times of all chapters. */
export function forgetEverything() {
  for (const start of [START, "passed:", "edit:", "seconds:"]) {
    for (const name of namesWith(start)) forget(name);
  }
}

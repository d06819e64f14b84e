/* The state of the run in words: for the status line, and for screen readers instead of the pictures. */

import { number } from "./canvas.js";
import { countClipped } from "./draw_critic.js";

const UPRIGHT = 0.3; // rad

/** Return the step and the last exam in one line: "step 3,000, exam −150". */
export function standing(scene) {
  const exam = scene.score === null ? "no exam yet" : `exam ${number(scene.score)}`;
  return `step ${number(scene.step)}, ${exam}`;
}

/** Describe what each picture shows. */
export function pictures(scene, film, speed) {
  const run = scene.source === "recorded" ? "Recorded run" : "Live run";
  const at = `${run}, ${standing(scene)}.`;
  return {
    pendulum: `Pendulum without exploration noise. ${at} ${swing(film.exam)}`,
    critic: `Q over angle and torque at ${number(speed, 1)} rad/s, with the actor's line. ${at} ${policy(scene.view)}`,
    returns: `Returns over the steps of the run. ${at} ${course(scene.exams)}`,
    map: `The actor's torque in every state of angle and speed. ${at}`,
    promise: `Returns promised by Q and earned. ${at} ${promise(scene.exams.at(-1))}`,
  };
}

function swing(exam) {
  if (!exam) return "No film yet.";
  const isUpright = (i) => Math.abs(exam.angle[i]) < UPRIGHT;
  const indices = [...exam.angle.keys()];
  const first = indices.findIndex(isUpright);
  const last = indices.length - 1;
  if (first < 0) return "The rod does not swing up within ten seconds.";
  const seconds = number(first * 0.05, 1);
  if (isUpright(last)) return `The rod is upright after ${seconds} seconds, and at the end of the film.`;
  return `The rod passes upright after ${seconds} seconds, but does not stay.`;
}

function policy(view) {
  if (!view) return "";
  const torques = Array.from(view.mu, (mu) => 2 * mu);
  const low = number(Math.min(...torques), 1);
  const high = number(Math.max(...torques), 1);
  const clipped = countClipped(view);
  const arrows = clipped > 0 ? ` ${clipped} arrows point beyond the largest torque.` : "";
  return `The actor's torques are between ${low} and ${high} newton metres.${arrows}`;
}

function course(exams) {
  if (exams.length === 0) return "";
  const best = Math.max(...exams.map(({ value }) => value));
  return `The best exam so far: ${number(best)}.`;
}

function promise(exam) {
  if (!exam) return "";
  return `Promised ${number(exam.promised)}, earned ${number(exam.earned)}.`;
}

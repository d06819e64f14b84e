/* Q over angle × torque at one speed, the actor's μ as a line on it, and ∇a Q as arrows. */

import { axes, linear, picture, prepare, stroke } from "./canvas.js";
import { color, fromWorstToBest } from "./colors.js";

const BAND = 26; // px above and below, for arrows that point beyond the largest torque
const FLAT = 0.5; // of return: a column is drawn pale if its Q differs by less, since the torque hardly matters
const PALE = 214; // the grey of such a column, in light and in dark
const EVERY = 4; // one angle in this many has an arrow
const NEAR_BOUND = 0.97;

export const ANGLES = [
  [-Math.PI, "hanging"],
  [-Math.PI / 2, "−90°"],
  [0, "upright"],
  [Math.PI / 2, "90°"],
  [Math.PI, "hanging"],
];

/** Draw the slice; `view` is null before there is one. */
export function drawCritic(canvas, view) {
  const { g, width, height } = prepare(canvas);
  const box = { left: 34, right: width - 8, top: 16 + BAND, bottom: height - 26 - BAND };
  const x = linear(-Math.PI, Math.PI, box.left, box.right);
  const y = linear(-1, 1, box.bottom, box.top);
  const yTicks = [-2, -1, 0, 1, 2].map((torque) => [torque / 2, torque < 0 ? `−${-torque}` : `${torque}`]);
  const frame = { ...box, bottom: box.bottom + BAND };
  axes(g, frame, { x, y, xTicks: ANGLES, yTicks, unit: "torque in N m" });
  if (!view) return;
  g.imageSmoothingEnabled = true;
  g.drawImage(slice(view), box.left, box.top, box.right - box.left, box.bottom - box.top);
  drawPolicy(g, view, x, y);
  drawArrows(g, view, x, y);
  if (countClipped(view) > 1) drawClipped(g, box);
}

/** Return how many arrows point beyond the largest torque. */
export function countClipped(view) {
  return arrowPlaces(view).filter((i) => isClipped(view.mu[i], view.slope[i])).length;
}

function slice({ q, angles, torques }) {
  const rows = torques.length;
  const columns = Array.from(angles, (_, i) => q.subarray(i * rows, (i + 1) * rows));
  const lows = columns.map((column) => Math.min(...column));
  const ranges = columns.map((column, i) => Math.max(...column) - lows[i]);
  const full = Math.max(FLAT, 0.15 * Math.max(...ranges));
  return picture(columns.length, rows, (i, j) => {
    const part = ranges[i] > 0 ? (columns[i][j] - lows[i]) / ranges[i] : 0.5;
    const strength = Math.min(1, ranges[i] / full);
    return fromWorstToBest(part).map((channel) => PALE + strength * (channel - PALE));
  });
}

function drawPolicy(g, { angles, mu }, x, y) {
  const points = Array.from(angles, (angle, i) => [x(angle), y(mu[i])]);
  g.lineCap = "round";
  g.strokeStyle = color("card");
  g.lineWidth = 6;
  stroke(g, points);
  g.strokeStyle = color("mu");
  g.lineWidth = 3.5;
  stroke(g, points);
}

function drawArrows(g, view, x, y) {
  const length = arrowLength(view, view.slope);
  const trueLength = arrowLength(view, view.trueSlope); // on its own scale: only the direction matters
  const isOther = hasOtherSlope(view);
  for (const i of arrowPlaces(view)) {
    const place = [x(view.angles[i]), y(view.mu[i])];
    if (isOther) drawGhost(g, place, trueLength(view.trueSlope[i]));
    drawArrow(g, place, length(view.slope[i]));
  }
}

function arrowLength(view, slopes) {
  const steepest = Math.max(...arrowPlaces(view).map((i) => Math.abs(slopes[i])));
  return (slope) => (steepest > 0 ? (slope / steepest) * (BAND - 2) : 0);
}

/** Return whether the agent's slope differs from that of correct code. */
export function hasOtherSlope({ slope, trueSlope }) {
  const most = Math.max(...slope.map(Math.abs), ...trueSlope.map(Math.abs));
  return slope.some((value, i) => Math.abs(value - trueSlope[i]) > 0.02 * most);
}

function drawArrow(g, place, length) {
  if (Math.abs(length) < 1.5) return;
  g.fillStyle = color("arrow");
  g.strokeStyle = color("arrow-edge");
  g.lineWidth = 1;
  arrowPath(g, place, length);
  g.fill();
  g.stroke();
}

function drawGhost(g, [x, y], length) {
  if (Math.abs(length) < 1.5) return;
  g.save();
  g.setLineDash([2, 2]);
  g.lineWidth = 1.5;
  g.strokeStyle = color("ghost");
  arrowPath(g, [x + 7, y], length);
  g.stroke();
  g.restore();
}

function arrowPath(g, [x, y], length) {
  const up = Math.sign(length);
  const head = Math.min(8, Math.abs(length));
  const tip = y - length;
  const neck = tip + up * head;
  g.beginPath();
  g.moveTo(x, tip);
  g.lineTo(x + 5, neck);
  g.lineTo(x + 1.7, neck);
  g.lineTo(x + 1.7, y);
  g.lineTo(x - 1.7, y);
  g.lineTo(x - 1.7, neck);
  g.lineTo(x - 5, neck);
  g.closePath();
}

function drawClipped(g, box) {
  g.fillStyle = color("soft");
  g.textAlign = "right";
  g.textBaseline = "top";
  g.fillText("beyond ±2: tanh saturates", box.right, 2);
}

function isClipped(mu, slope) {
  return Math.abs(mu) > NEAR_BOUND && mu * slope > 0;
}

function arrowPlaces({ angles }) {
  const places = [];
  for (let i = EVERY / 2; i < angles.length; i += EVERY) places.push(i);
  return places;
}

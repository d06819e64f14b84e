/* The two charts over the steps of the run: returns, and promised beside earned returns. */

import { axes, dot, linear, number, prepare, stroke } from "./canvas.js";
import { color } from "./colors.js";

const LOWEST = -1900; // the lowest return that is shown
const SHORTEST = 6_000; // the smallest number of steps on the axis

/** Draw the returns of training and exam over the bands of the recorded seeds. */
export function drawReturns(canvas, scene, bands) {
  const chart = begin(canvas, scene, [LOWEST, 0], [0, -500, -1000, -1500]);
  const { g } = chart;
  if (bands.correct) drawBand(chart, bands.correct, "band", "band-edge");
  if (bands.bug) drawBand(chart, bands.bug, "bug-band", "bug");
  drawPlants(chart, scene.plants);
  const within = (value) => Math.max(LOWEST, value);
  for (const { step, value } of scene.episodes) {
    dot(g, chart.x(step), chart.y(within(value)), 2.2, color("episode"));
  }
  drawLine(chart, scene.exams.map(({ step, value }) => [step, within(value)]), "exam");
}

/** Draw promised and earned returns. */
export function drawPromise(canvas, scene) {
  const all = scene.exams.flatMap(({ promised, earned }) => [promised, earned]);
  const finite = all.filter(Number.isFinite).map((value) => Math.max(-5000, Math.min(5000, value)));
  const ticks = niceTicks(Math.min(-600, ...finite), Math.max(0, ...finite));
  const chart = begin(canvas, scene, [ticks[0], ticks.at(-1)], ticks);
  const within = (value) => Math.max(ticks[0], Math.min(ticks.at(-1), value));
  drawPlants(chart, scene.plants);
  drawLine(chart, scene.exams.map(({ step, earned }) => [step, within(earned)]), "ink");
  drawLine(chart, scene.exams.map(({ step, promised }) => [step, within(promised)]), "mu");
}

function begin(canvas, scene, [low, high], ticks) {
  const { g, width, height } = prepare(canvas);
  const box = { left: 48, right: width - 10, top: 22, bottom: height - 40 };
  const end = Math.max(SHORTEST, Math.ceil(scene.step / 3000) * 3000);
  const x = linear(0, end, box.left, box.right);
  const y = linear(low, high, box.bottom, box.top);
  const xTicks = [0, 1, 2, 3].map((third) => [(end * third) / 3, number((end * third) / 3)]);
  const yTicks = ticks.map((value) => [value, number(value)]);
  axes(g, box, { x, y, xTicks, yTicks, unit: "return" });
  g.fillStyle = color("soft");
  g.textAlign = "center";
  g.textBaseline = "bottom";
  g.fillText("steps of training", (box.left + box.right) / 2, height - 1);
  return { g, box, end, x, y };
}

function drawBand({ g, box, x, y, end }, { steps, low, median, high }, fill, edge) {
  const seen = steps.map((step, i) => [step, i]).filter(([step]) => step <= end);
  const line = (values) => seen.map(([step, i]) => [x(step), y(Math.max(LOWEST, values[i]))]);
  g.save();
  g.beginPath();
  g.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
  g.clip();
  g.fillStyle = color(fill);
  g.beginPath();
  for (const point of [...line(high), ...line(low).reverse()]) g.lineTo(...point);
  g.fill();
  g.strokeStyle = color(edge);
  g.lineWidth = 1.2;
  g.setLineDash([3, 3]);
  stroke(g, line(median));
  g.restore();
}

function drawLine({ g, x, y }, points, name) {
  g.strokeStyle = color(name);
  g.lineWidth = 2.2;
  stroke(g, points.map(([step, value]) => [x(step), y(value)]));
  const last = points.at(-1);
  if (last) dot(g, x(last[0]), y(last[1]), 3.2, color(name));
}

function drawPlants({ g, box, x }, plants) {
  g.save();
  g.setLineDash([4, 3]);
  g.lineWidth = 1.5;
  g.textBaseline = "bottom";
  const rows = []; // of texts, from below: the extent of each text, as [left, right]
  for (const { step, bug } of plants) {
    g.strokeStyle = g.fillStyle = color(bug ? "bug" : "good");
    const isRoom = x(step) < (box.left + box.right) / 2;
    g.textAlign = isRoom ? "left" : "right";
    const text = bug ? "planted" : "removed";
    const size = g.measureText(text).width;
    const at = x(step) + (isRoom ? 4 : -4);
    const row = freeRow(rows, isRoom ? [at, at + size] : [at - size, at]);
    g.fillText(text, at, box.bottom - 2 - 14 * row);
    stroke(g, [[x(step), box.top], [x(step), box.bottom]]);
  }
  g.restore();
}

/** Reserve a place in the lowest row that has room; return the row's number. */
function freeRow(rows, [left, right]) {
  const isFree = (row) => row.every(([from, to]) => to + 4 < left || right + 4 < from);
  let number = rows.findIndex(isFree);
  if (number < 0) number = rows.push([]) - 1;
  rows[number].push([left, right]);
  return number;
}

function niceTicks(low, high) {
  const rough = (high - low) / 4;
  const unit = [50, 100, 200, 250, 500, 1000, 2000, 2500].find((step) => step >= rough) ?? 5000;
  const ticks = [];
  for (let i = Math.floor(low / unit); i <= Math.ceil(high / unit); i += 1) ticks.push(i * unit);
  return ticks;
}

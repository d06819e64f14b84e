/* The pendulum, its torque as an arrow around the pivot, and the path of its tip. */

import { dot, linear, number, prepare, stroke } from "./canvas.js";
import { color } from "./colors.js";
import { wrapped } from "./film.js";

const MOST_TORQUE = 2; // N m
const TRAIL = 24; // states of the past in the tip's path
const CHART = { low: 80, high: 220 }; // px for the chart of the tip's height, if there is room

/** Draw the film's current state; with `still`, the whole path of the tip. */
export function drawPendulum(canvas, film, still) {
  const { g, width, height: whole } = prepare(canvas);
  const room = Math.min(CHART.high, whole - width - 20);
  const hasChart = room > CHART.low;
  const height = hasChart ? whole - room : whole;
  const center = { x: width / 2, y: height / 2 };
  const length = Math.min(width / 2, height / 2) - 22;
  const tip = (angle) => [center.x - length * Math.sin(angle), center.y - length * Math.cos(angle)];
  g.lineCap = "round";
  drawGoal(g, center, length);
  const now = film.now();
  if (now) drawTrail(g, film.exam.angle, now.index, still, tip);
  drawRod(g, center, tip(now?.angle ?? Math.PI));
  if (!now) return;
  drawTorque(g, center, length * 0.36, now.torque);
  g.fillStyle = color("soft");
  g.textBaseline = "alphabetic";
  g.textAlign = "left";
  g.fillText(`${number(now.time, 1)} s`, 2, height - 4);
  g.textAlign = "right";
  g.fillText(`${number(MOST_TORQUE * now.torque, 1)} N m`, width - 2, height - 4);
  if (hasChart) drawHeight(g, { left: 58, right: width - 6, top: height + 24, bottom: whole - 28 }, film);
}

/** Draw the tip's height over the film's ten seconds, and a dot at the current time. */
function drawHeight(g, box, film) {
  const { angle } = film.exam;
  const now = film.now();
  const x = linear(0, angle.length - 1, box.left, box.right);
  const y = (angleThen) => (box.top + box.bottom) / 2 - (Math.cos(angleThen) * (box.bottom - box.top)) / 2;
  g.fillStyle = color("soft");
  g.strokeStyle = color("line");
  g.lineWidth = 1;
  g.textAlign = "right";
  g.textBaseline = "middle";
  for (const [value, text] of [[0, "upright"], [Math.PI, "hanging"]]) {
    stroke(g, [[box.left, y(value)], [box.right, y(value)]]);
    g.fillText(text, box.left - 6, y(value));
  }
  g.textAlign = "center";
  g.textBaseline = "top";
  g.fillText("the tip’s height, ten seconds", g.canvas.clientWidth / 2, box.bottom + 12);
  g.strokeStyle = color("ink");
  g.lineWidth = 1.5;
  stroke(g, Array.from(angle, (value, i) => [x(i), y(value)]));
  dot(g, x(now.index), y(now.angle), 4.5, color("mu"), color("card"));
}

function drawGoal(g, { x, y }, length) {
  g.strokeStyle = color("line");
  g.lineWidth = 1;
  g.beginPath();
  g.arc(x, y, length, 0, 2 * Math.PI);
  g.stroke();
  g.strokeStyle = color("good");
  g.lineWidth = 3;
  g.beginPath();
  g.arc(x, y, length + 13, -Math.PI / 2 - 0.16, -Math.PI / 2 + 0.16);
  g.stroke();
}

function drawTrail(g, angles, index, still, tip) {
  const first = still ? 1 : Math.max(1, index - TRAIL);
  const last = still ? angles.length - 1 : index;
  g.strokeStyle = color("mu");
  g.lineWidth = still ? 1.5 : 3;
  for (let i = first; i <= last; i += 1) {
    g.globalAlpha = still ? 0.35 : (0.5 * (i - first + 1)) / (last - first + 1);
    const turn = wrapped(angles[i] - angles[i - 1]);
    stroke(g, [tip(angles[i] - turn), tip(angles[i] - turn / 2), tip(angles[i])]);
  }
  g.globalAlpha = 1;
}

function drawRod(g, { x, y }, end) {
  g.strokeStyle = color("ink");
  g.lineWidth = 14;
  stroke(g, [[x, y], end]);
  g.strokeStyle = color("rod");
  g.lineWidth = 10;
  stroke(g, [[x, y], end]);
  dot(g, x, y, 4, color("ink"));
}

function drawTorque(g, { x, y }, radius, torque) {
  if (Math.abs(torque) < 0.03) return;
  const begin = -Math.PI / 2;
  const end = begin - 1.7 * torque; // positive turns to the left
  g.strokeStyle = color("mu");
  g.fillStyle = color("mu");
  g.lineWidth = 4.5;
  g.beginPath();
  g.arc(x, y, radius, begin, end, torque > 0);
  g.stroke();
  g.save();
  g.translate(x + radius * Math.cos(end), y + radius * Math.sin(end));
  g.rotate(end + (torque > 0 ? Math.PI : 0));
  g.beginPath();
  g.moveTo(-7, 0);
  g.lineTo(7, 0);
  g.lineTo(0, 10);
  g.fill();
  g.restore();
}

/* μ over all states: angle × speed, with the film's path on it. */

import { axes, dot, linear, note, number, picture, prepare } from "./canvas.js";
import { color, torqueScale } from "./colors.js";
import { ANGLES } from "./draw_critic.js";

const FASTEST = 8; // rad/s
const SIZE = { angles: 41, speeds: 31 };

/** Draw the map; `speed` is that of the slice of Q above. */
export function drawMap(canvas, scene, film, speed) {
  const { g, width, height } = prepare(canvas);
  const box = { left: 34, right: width - 8, top: 22, bottom: height - 26 };
  const x = linear(-Math.PI, Math.PI, box.left, box.right);
  const y = linear(-FASTEST, FASTEST, box.bottom, box.top);
  const yTicks = [-8, -4, 0, 4, 8].map((value) => [value, number(value)]);
  axes(g, box, { x, y, xTicks: ANGLES, yTicks, unit: "speed in rad/s" });
  if (!scene.map) {
    note(g, box, "shown once you train it yourself");
    return;
  }
  const scale = torqueScale();
  const image = picture(SIZE.angles, SIZE.speeds, (i, j) => scale(scene.map[j * SIZE.angles + i]));
  g.drawImage(image, box.left, box.top, box.right - box.left, box.bottom - box.top);
  drawSliceLine(g, box, y(speed));
  if (film.exam) drawPath(g, film, x, y);
  if (scene.obs) {
    const [cosine, sine, now] = scene.obs;
    dot(g, x(Math.atan2(sine, cosine)), y(now), 4, color("yellow"), color("ink"));
  }
}

function drawSliceLine(g, box, y) {
  g.save();
  g.setLineDash([3, 4]);
  g.strokeStyle = color("soft");
  g.beginPath();
  g.moveTo(box.left, y);
  g.lineTo(box.right, y);
  g.stroke();
  g.restore();
}

function drawPath(g, film, x, y) {
  const { angle, speed } = film.exam;
  g.strokeStyle = color("ink");
  g.lineWidth = 1.6;
  g.beginPath();
  for (let i = 0; i < angle.length; i += 1) {
    const isJump = i === 0 || Math.abs(angle[i] - angle[i - 1]) > 3; // from one edge to the other
    if (isJump) g.moveTo(x(angle[i]), y(speed[i]));
    else g.lineTo(x(angle[i]), y(speed[i]));
  }
  g.stroke();
  const now = film.now();
  dot(g, x(now.angle), y(now.speed), 5.5, color("mu"), color("card"));
}

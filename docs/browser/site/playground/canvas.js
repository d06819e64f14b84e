/* Drawing on a canvas: a sharp canvas, axes, lines, and pictures made of numbers. */

import { color } from "./colors.js";

const FONT = "12px system-ui, sans-serif";
const MARGIN = 8; // px by which a text may exceed the box on the right

/** Fit a canvas to its box and the screen's pixels, and clear it; sizes are in CSS pixels. */
export function prepare(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  const pixels = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== pixels[0] || canvas.height !== pixels[1]) [canvas.width, canvas.height] = pixels;
  const g = canvas.getContext("2d");
  g.setTransform(ratio, 0, 0, ratio, 0, 0);
  g.clearRect(0, 0, width, height);
  g.font = FONT;
  g.lineJoin = "round";
  return { g, width, height };
}

/** Return a function that maps values from one interval to another, linearly. */
export function linear(from, to, low, high) {
  return (value) => low + ((value - from) / (to - from)) * (high - low);
}

/** Draw both axes of a box; ticks are [value, text], and those of y have a grid line. */
export function axes(g, box, { x, y, xTicks, yTicks, unit }) {
  g.save();
  g.strokeStyle = color("line");
  g.fillStyle = color("soft");
  g.lineWidth = 1;
  g.textAlign = "right";
  g.textBaseline = "middle";
  for (const [value, text] of yTicks) {
    const at = Math.round(y(value)) + 0.5;
    stroke(g, [[box.left, at], [box.right, at]]);
    g.fillText(text, box.left - 6, at);
  }
  g.textAlign = "center";
  g.textBaseline = "top";
  for (const [value, text] of xTicks) {
    const at = Math.round(x(value)) + 0.5;
    stroke(g, [[at, box.bottom], [at, box.bottom + 4]]);
    const most = box.right + MARGIN - g.measureText(text).width / 2;
    g.fillText(text, Math.min(at, most), box.bottom + 7);
  }
  if (unit) {
    g.textAlign = "left";
    g.fillText(unit, 2, 2);
  }
  g.restore();
}

/** Draw a line through points [x, y]. */
export function stroke(g, points) {
  g.beginPath();
  points.forEach(([x, y], index) => (index > 0 ? g.lineTo(x, y) : g.moveTo(x, y)));
  g.stroke();
}

/** Draw a filled circle with an edge. */
export function dot(g, x, y, radius, fill, edge) {
  g.beginPath();
  g.arc(x, y, radius, 0, 2 * Math.PI);
  g.fillStyle = fill;
  g.fill();
  if (!edge) return;
  g.strokeStyle = edge;
  g.lineWidth = 1.5;
  g.stroke();
}

/** Return a picture of columns × rows pixels; `paint(column, row)` returns the [r, g, b] of one. */
export function picture(columns, rows, paint) {
  const canvas = document.createElement("canvas");
  canvas.width = columns;
  canvas.height = rows;
  const g = canvas.getContext("2d");
  const image = g.createImageData(columns, rows);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const color = paint(column, rows - 1 - row); // row 0 is the lowest
      image.data.set([...color, 255], 4 * (row * columns + column));
    }
  }
  g.putImageData(image, 0, 0);
  return canvas;
}

/** Write a text in the middle of a box. */
export function note(g, box, text) {
  g.fillStyle = color("soft");
  g.textAlign = "center";
  g.textBaseline = "middle";
  g.fillText(text, (box.left + box.right) / 2, (box.top + box.bottom) / 2);
}

/** Format a number as the texts do: with a true minus sign, and commas between thousands. */
export function number(value, digits = 0) {
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const text = value.toLocaleString("en", options).replace("-", "−");
  return /[1-9]/.test(text) ? text : text.replace("−", "");
}

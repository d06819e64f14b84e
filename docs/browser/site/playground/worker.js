/* The playground's worker: Python trains in short slices of time, and handles the page's messages between them. */

import { startPython } from "../python/start.js";

const SLICE = 0.03; // s of training between two messages to the page
const RATE_OVER = 2000; // ms over which steps per second are counted

let ground; // the Playground of playground.py
let train; // its methods, taken once, because every access makes a proxy that must be destroyed
let obey;
let run = 0; // the page's number of the run in progress
let isRunning = false;
let isTicking = false; // whether the message that begins the next slice has been sent
let marks = []; // [time, step] of the last slices
const ticks = new MessageChannel(); // setTimeout would wait for at least 4 ms

const started = start();

onmessage = async ({ data }) => {
  if (!(await started)) return;
  if (data.do === "run") {
    setRunning(data.on);
    return;
  }
  const { run: number, ...asked } = data;
  if (asked.do === "restart") run = number ?? run;
  show(obey, JSON.stringify(asked));
};

ticks.port1.onmessage = () => {
  isTicking = false;
  if (!isRunning) return;
  show(train, SLICE);
  tick();
};

/** Start Python; return whether that succeeded. */
async function start() {
  const began = performance.now();
  try {
    const python = await startPython([], (text, part) => postMessage({ kind: "loading", text, part }));
    ground = python.runPython("import playground; playground.Playground()");
    train = ground.slice;
    obey = ground.obey;
  } catch (error) {
    tellLoss("failed", error);
    return false;
  }
  postMessage({ kind: "ready", ms: performance.now() - began });
  return true;
}

function setRunning(on) {
  isRunning = on;
  marks = [];
  if (on) tick();
}

/** Begin another slice after the messages that are already waiting. */
function tick() {
  if (isTicking) return;
  isTicking = true;
  ticks.port2.postMessage(null);
}

/** Call a method of the playground, and send its result to the page. */
function show(method, argument) {
  try {
    const proxy = method(argument);
    const seen = proxy.toJs({ dict_converter: Object.fromEntries, create_pyproxies: false });
    proxy.destroy();
    if (seen.stopped) setRunning(false);
    const buffers = Object.values({ ...seen.view, ...seen.exam })
      .filter(ArrayBuffer.isView)
      .map((array) => array.buffer);
    postMessage({ kind: "seen", run, stepsPerSecond: stepsPerSecond(seen.step), ...seen }, buffers);
  } catch (error) {
    setRunning(false);
    tellLoss("crashed", error);
  }
}

/** Note the step; return the recent number of steps per second, or null while it is unknown. */
function stepsPerSecond(step) {
  const now = performance.now();
  if (!isRunning || step < marks.at(-1)?.[1]) marks = []; // paused, or a new run
  marks.push([now, step]);
  marks = marks.filter(([time]) => time >= now - RATE_OVER);
  const [time, first] = marks[0];
  return now - time > 500 ? ((step - first) / (now - time)) * 1000 : null;
}

/** Tell the page that Python has "failed" to start or "crashed", with a traceback's last line. */
function tellLoss(kind, error) {
  const text = String(error.message ?? error).trim().split("\n").at(-1);
  postMessage({ kind, text });
}

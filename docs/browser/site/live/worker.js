/* The worker in which Python runs the cells, one after the other. */

import { startPython } from "../python/start.js";

const PREPARE = `
import logging
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # it builds a list of fonts
import matplotlib
matplotlib.use("module://live_figures")
import live, minddpg.course.checks
live
`;

const runs = start();

async function start() {
  try {
    const say = (text, part) => postMessage({ kind: "loading", text, part });
    const python = await startPython(["matplotlib"], say);
    say("Importing the checks …", 0.85);
    const live = python.runPython(PREPARE);
    const show = (what, content) => postMessage({ kind: "shown", what, content: JSON.parse(content) });
    const { run } = live.Session(show);
    postMessage({ kind: "ready" });
    return run;
  } catch (error) {
    postMessage({ kind: "failed", text: lastLine(error) });
    return null;
  }
}

onmessage = async ({ data: { source, number, kept, scale } }) => {
  const run = await runs;
  if (!run) return;
  const begin = performance.now();
  try {
    const report = JSON.parse(run(source, number, scale, JSON.stringify(kept)));
    postMessage({ kind: "over", seconds: (performance.now() - begin) / 1000, ...report });
  } catch (error) {
    postMessage({ kind: "crashed", text: lastLine(error) });
  }
};

function lastLine(error) {
  return String(error.message ?? error).trim().split("\n").at(-1);
}

/* The page's side of the worker in which Python runs. */

import { answersSince, keepAnswers } from "./answers.js";

const SCRIPT = new URL("worker.js", import.meta.url);

export class Runner {
  /** `listener` has the methods loading, ready, failed, named, shown, over and crashed, one for each message. */
  constructor(listener) {
    this.listener = listener;
    this.start();
  }

  start() {
    this.isReady = this.hasFailed = false;
    this.known = {}; // the answers that this Python has as files
    const worker = new Worker(SCRIPT, { type: "module" });
    this.worker = worker;
    worker.onmessage = ({ data }) => {
      if (worker === this.worker) this.take(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      if (worker === this.worker) this.take({ kind: "failed", text: event.message || "its script did not load" });
    };
  }

  take(message) {
    if (message.kind === "ready") this.isReady = true;
    if (message.kind === "failed") this.hasFailed = true;
    if (message.kind === "over") {
      Object.assign(this.known, message.kept);
      keepAnswers(message.kept);
    }
    this.listener[message.kind](message);
  }

  /** Ask for the names in texts; the answer is a message of the kind "named". */
  askNames(texts) {
    this.worker.postMessage({ texts });
  }

  /** Run the text of a cell; error messages name it by its `number`. */
  run(source, number) {
    const kept = answersSince(this.known);
    for (const [name, text] of Object.entries(kept)) {
      if (text === null) delete this.known[name];
      else this.known[name] = text;
    }
    this.worker.postMessage({ source, number, kept, scale: devicePixelRatio });
  }

  /** End this Python even while it runs, and start another. */
  restart() {
    this.worker.terminate();
    this.start();
  }
}

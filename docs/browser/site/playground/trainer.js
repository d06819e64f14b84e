/* The page's side of the worker in which Python trains. */

/** Starts Python in a worker and passes on its messages; each run has a number. */
export class Trainer {
  /** `on` has a function for each kind of message: loading, ready, failed, crashed, seen. */
  constructor(on) {
    this.on = on;
    this.worker = null;
    this.isReady = false;
    this.run = 0;
  }

  /** Start the worker, once. */
  load() {
    if (this.worker) return;
    this.worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    this.worker.onmessage = ({ data }) => this.#hear(data);
    this.worker.onerror = (event) => {
      this.on.failed({ text: event.message || "the worker did not start" });
    };
  }

  #hear(message) {
    if (message.kind === "ready") this.isReady = true;
    if (message.kind === "seen" && message.run !== this.run) return; // of an earlier run
    this.on[message.kind]?.(message);
  }

  /** End the worker; it gets no more messages. */
  end() {
    this.worker.terminate();
    this.isReady = false;
  }

  /** Begin a new run. */
  restart(seed, settings, bug) {
    this.run += 1;
    this.#tell({ do: "restart", seed, settings, bug, run: this.run });
  }

  /** Continue the run, or pause it. */
  go(on) {
    this.#tell({ do: "run", on });
  }

  /** Change a setting of the run in progress, or the speed of the slice that is shown. */
  set(name, value) {
    this.#tell({ do: "set", name, value });
  }

  /** Plant a bug into the run in progress, or remove it with an empty name. */
  plant(bug) {
    this.#tell({ do: "plant", bug });
  }

  /** Ask for the optional data of these panels. */
  watch(panels) {
    this.#tell({ do: "watch", panels });
  }

  #tell(message) {
    if (this.isReady) this.worker.postMessage(message);
  }
}

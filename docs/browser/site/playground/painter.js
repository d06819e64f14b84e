/* Draws the panels that have changed, once per frame, and nothing while the page is hidden. */

export class Painter {
  /** `advance(seconds)` runs before each frame and returns the panels that are in motion. */
  constructor(advance) {
    this.advance = advance;
    this.panels = new Map(); // name -> {canvas, draw}
    this.dirty = new Set();
    this.request = null;
    this.before = null; // time of the last frame
    this.isHidden = false;
  }

  /** Add a canvas and the function that draws it; a change of its size draws it again. */
  add(name, canvas, draw) {
    this.panels.set(name, { canvas, draw });
    new ResizeObserver(() => this.mark([name])).observe(canvas);
  }

  /** Mark panels as changed. */
  mark(names) {
    for (const name of names) this.dirty.add(name);
    this.wake();
  }

  /** Draw everything again. */
  markAll() {
    this.mark(this.panels.keys());
  }

  /** Stop drawing, or continue. */
  hide(isHidden) {
    this.isHidden = isHidden;
    this.before = null;
    if (!isHidden) this.wake();
  }

  /** Request another frame. */
  wake() {
    if (this.request !== null || this.isHidden) return;
    this.request = requestAnimationFrame((time) => this.#frame(time));
  }

  #frame(time) {
    this.request = null;
    if (this.isHidden) return;
    const seconds = this.before === null ? 0 : (time - this.before) / 1000;
    const moving = this.advance(seconds);
    for (const name of moving) this.dirty.add(name);
    for (const name of this.dirty) this.#draw(name);
    this.dirty.clear();
    this.before = moving.length > 0 ? time : null;
    if (moving.length > 0) this.wake();
  }

  #draw(name) {
    const panel = this.panels.get(name);
    if (panel && panel.canvas.clientWidth > 0) panel.draw(panel.canvas); // a folded panel has no width
  }
}

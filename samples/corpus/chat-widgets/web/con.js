// Connection state of a widget.
export class Connection {
  #tries = 0;

  nextDelay() {
    this.#tries += 1;
    return Math.min(30000, 250 * 2 ** this.#tries);
  }

  opened() {
    this.#tries = 0;
  }
}

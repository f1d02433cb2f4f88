// Input that was typed and that the other side has not confirmed, by position.
export class Typed {
  static MOST = 1024 * 1024;
  #chunks = [];
  #base = 0;
  #end = 0;

  // Bytes that can be added now.
  get room() {
    return Typed.MOST - (this.#end - this.#base);
  }

  add(bytes) {
    this.#chunks.push(bytes);
    this.#end += bytes.length;
  }

  // All before this position was taken.
  taken(position) {
    if (position > this.#end) {
      return;
    }
    while (this.#chunks.length > 0 && this.#base + this.#chunks[0].length <= position) {
      this.#base += this.#chunks.shift().length;
    }
    if (this.#base < position) {
      this.#chunks[0] = this.#chunks[0].subarray(position - this.#base);
      this.#base = position;
    }
  }

  // What a new connection has to be told again; null when what it needs was let go.
  from(position) {
    if (position < this.#base || position > this.#end) {
      return null;
    }
    this.taken(position);
    return [...this.#chunks];
  }
}

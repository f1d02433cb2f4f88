// Input that was typed and that the other side has not confirmed, by position.
export class Typed {
  static MOST = 1024 * 1024;
  #chunks = [];
  #base = 0;
  #end = 0;
  #sent = 0;

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
    this.#sent = Math.max(this.#sent, this.#base);
  }

  // The next bytes to send, at most so many; null when there are none, or when as many as the window are on their way.
  next(window, most) {
    const some = Math.min(most, window - (this.#sent - this.#base));
    let at = this.#base;
    for (const chunk of this.#chunks) {
      if (some > 0 && this.#sent < at + chunk.length) {
        const piece = chunk.subarray(this.#sent - at, this.#sent - at + some);
        this.#sent += piece.length;
        return piece;
      }
      at += chunk.length;
    }
    return null;
  }

  // A new connection goes on here; false when what it needs was let go.
  resume(position) {
    if (position < this.#base || position > this.#end) {
      return false;
    }
    this.taken(position);
    this.#sent = position;
    return true;
  }
}

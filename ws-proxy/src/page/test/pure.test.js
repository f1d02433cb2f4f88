import assert from "node:assert/strict";
import test from "node:test";
import { parseCast, sizeOf, squeezed } from "../cast.js";
import { Typed } from "../typed.js";
import { bytes, clock, exitWords, safeLink, title, words } from "../words.js";

const encoded = (text) => new TextEncoder().encode(text);
const text = (chunks) => chunks.map((chunk) => new TextDecoder().decode(chunk)).join("");

const rest = (typed, window = 1000) => {
  const pieces = [];
  for (let piece = typed.next(window, 4); piece !== null; piece = typed.next(window, 4)) {
    pieces.push(piece);
  }
  return text(pieces);
};

test("typed bytes are kept until they are taken, and told again from any position", () => {
  const typed = new Typed();
  typed.add(encoded("hello "));
  typed.add(encoded("world"));
  assert.equal(rest(typed), "hello world");
  typed.taken(3);
  assert.equal(rest(typed), "");
  assert.equal(typed.resume(3), true);
  assert.equal(rest(typed), "lo world");
  assert.equal(typed.resume(8), true);
  assert.equal(rest(typed), "rld");
  assert.equal(typed.resume(2), false);
  assert.equal(typed.resume(12), false);
  assert.equal(typed.resume(11), true);
  assert.equal(rest(typed), "");
  typed.add(encoded("!"));
  assert.equal(rest(typed), "!");
});

test("no more than the window is on its way", () => {
  const typed = new Typed();
  typed.add(encoded("0123456789abcdef"));
  assert.equal(rest(typed, 10), "0123456789");
  typed.taken(3);
  assert.equal(rest(typed, 10), "abc");
  typed.taken(13);
  assert.equal(rest(typed, 10), "def");
});

test("what is typed ahead has a bound", () => {
  const typed = new Typed();
  typed.add(new Uint8Array(Typed.MOST - 1));
  assert.equal(typed.room, 1);
  typed.taken(100);
  assert.equal(typed.room, 101);
});

test("both versions of recordings give absolute times", () => {
  const third = parseCast('{"version":3,"term":{"cols":90,"rows":30}}\n# note\n[0.5,"o","a"]\n[1,"r","100x40"]\n[2,"x","0"]\n[1,"o');
  assert.deepEqual([third.cols, third.rows, third.length], [90, 30, 3.5]);
  assert.deepEqual(third.events.map((event) => event.time), [0.5, 1.5, 3.5]);
  const second = parseCast('{"version":2,"width":80,"height":24}\n[0.5,"o","a"]\n[9,"o","b"]');
  assert.deepEqual(second.events.map((event) => event.time), [0.5, 9]);
  assert.equal(squeezed(second, 2).length, 2.5);
  assert.throws(() => parseCast("no recording"));
  assert.throws(() => parseCast('{"version":1}'));
});

test("sizes that make no sense are not believed", () => {
  assert.deepEqual(sizeOf("100x40"), { cols: 100, rows: 40 });
  assert.equal(sizeOf("100 x 40"), null);
  assert.deepEqual(sizeOf("0x9999"), { cols: 80, rows: 24 });
});

test("exit codes are told in words", () => {
  assert.match(exitWords(0, "exec"), /without error/);
  assert.match(exitWords(3, "exec"), /command ended with exit code 3/);
  assert.match(exitWords(137, "attach"), /container was ended by signal 9/);
  assert.match(exitWords(127, "exec"), /not found/);
});

test("command lines are cut as a shell would", () => {
  assert.deepEqual(words("sh -c 'echo \"a b\"' x\\ y \"\""), ["sh", "-c", 'echo "a b"', "x y", ""]);
  assert.deepEqual(words("  "), []);
  assert.throws(() => words("echo 'a"));
});

test("titles are one short line, links lead to the web only", () => {
  assert.equal(title("a\u001b[31mb\nc\u202e"), "a [31mb c");
  assert.equal(title("x".repeat(200)).length, 80);
  assert.equal(safeLink("https://example.org/a"), "https://example.org/a");
  for (const wrong of ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "nonsense"]) {
    assert.equal(safeLink(wrong), null);
  }
});

test("numbers are readable", () => {
  assert.equal(clock(61), "01:01");
  assert.equal(clock(3661), "1:01:01");
  assert.equal(bytes(512), "512 bytes");
  assert.equal(bytes(1536), "1.5 KB");
});

// Reads an asciicast, version 2 or 3, into events at absolute seconds. A last line that was cut is the end.
export function parseCast(text) {
  const lines = text.split("\n");
  const header = parsed(lines[0]);
  if (header === null || (header.version !== 2 && header.version !== 3)) {
    throw new Error("This is no recording that can be played.");
  }
  const events = [];
  let clock = 0;
  for (const line of lines.slice(1)) {
    if (line.trim() === "" || line.startsWith("#")) {
      continue;
    }
    const event = parsed(line);
    if (!Array.isArray(event) || event.length < 3) {
      break;
    }
    clock = header.version === 2 ? Number(event[0]) : clock + Number(event[0]);
    events.push({ time: clock, code: String(event[1]), data: String(event[2]) });
  }
  const size = header.version === 2 ? { cols: header.width, rows: header.height } : (header.term ?? {});
  return { cols: bounded(size.cols, 80), rows: bounded(size.rows, 24), events, length: clock };
}

function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function bounded(value, otherwise) {
  return Number.isInteger(value) && value > 0 && value <= 1000 ? value : otherwise;
}

// Long pauses are no longer than this, so that a lunch break is not replayed.
export function squeezed(cast, pause) {
  let clock = 0;
  let before = 0;
  const events = cast.events.map((event) => {
    clock += Math.min(pause, Math.max(0, event.time - before));
    before = event.time;
    return { ...event, time: clock };
  });
  return { ...cast, events, length: clock };
}

export function sizeOf(data) {
  const match = /^(\d{1,4})x(\d{1,4})$/.exec(data);
  return match === null ? null : { cols: bounded(Number(match[1]), 80), rows: bounded(Number(match[2]), 24) };
}

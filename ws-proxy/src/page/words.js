// What is said to people.
export function exitWords(code, kind) {
  const what = kind === "attach" ? "The container" : "The command";
  if (code === 0) {
    return `${what} ended without error (exit code 0).`;
  }
  if (code === 126) {
    return `${what} cannot be run: it is there, but not executable (exit code 126).`;
  }
  if (code === 127) {
    return `${what} was not found in the container (exit code 127).`;
  }
  if (code > 128 && code < 160) {
    return `${what} was ended by signal ${code - 128} (exit code ${code}).`;
  }
  return `${what} ended with exit code ${code}.`;
}

export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

export function bytes(count) {
  const units = ["bytes", "KB", "MB", "GB"];
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

// A command line as a shell would cut it: spaces part, quotes hold together, a backslash takes the next as it is.
export function words(line) {
  const found = [];
  let word = null;
  let quote = "";
  for (let i = 0; i < line.length; i++) {
    const c = line[i];
    if (quote !== "" && c === quote) {
      quote = "";
    } else if (quote === "" && (c === '"' || c === "'")) {
      quote = c;
      word ??= "";
    } else if (c === "\\" && quote !== "'" && i + 1 < line.length) {
      word = (word ?? "") + line[++i];
    } else if (quote === "" && /\s/.test(c)) {
      if (word !== null) {
        found.push(word);
        word = null;
      }
    } else {
      word = (word ?? "") + c;
    }
  }
  if (quote !== "") {
    throw new Error("A quote is not closed.");
  }
  if (word !== null) {
    found.push(word);
  }
  return found;
}

// A title that a program sets: one line, not endless, no controls.
export function title(text) {
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, " ").trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

// A link that may be offered at all.
export function safeLink(text) {
  try {
    const url = new URL(text);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

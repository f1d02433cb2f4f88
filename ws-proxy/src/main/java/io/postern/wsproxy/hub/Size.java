package io.postern.wsproxy.hub;

/** Columns and rows of a terminal, 1 to 65535 each. */
public record Size(int columns, int rows) {
    public Size {
        if (columns < 1 || columns > 65_535 || rows < 1 || rows > 65_535) {
            throw new IllegalArgumentException(
                    "a terminal has 1 to 65535 columns and rows, not " + columns + "x" + rows);
        }
    }
}

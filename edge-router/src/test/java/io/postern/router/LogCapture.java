package io.postern.router;

import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Hands on what one class says at level warning or above, until closed. */
final class LogCapture extends Handler implements AutoCloseable {
    private final Logger logger;
    private final Consumer<String> lines;

    private LogCapture(Logger logger, Consumer<String> lines) {
        this.logger = logger;
        this.lines = lines;
    }

    static LogCapture of(Class<?> speaker, Consumer<String> lines) {
        LogCapture capture = new LogCapture(Logger.getLogger(speaker.getName()), lines);
        capture.logger.addHandler(capture);
        return capture;
    }

    @Override
    public void publish(LogRecord line) {
        if (line.getLevel().intValue() >= Level.WARNING.intValue()) {
            lines.accept(line.getMessage());
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}

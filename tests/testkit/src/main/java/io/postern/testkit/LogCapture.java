package io.postern.testkit;

import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Hands on what one class, or all of a package, says at a level or above, until closed. The consumer is called by the speakers. */
public final class LogCapture extends Handler implements AutoCloseable {
    private final Logger logger;
    private final Level least;
    private final Consumer<String> lines;

    private LogCapture(Logger logger, Level least, Consumer<String> lines) {
        this.logger = logger;
        this.least = least;
        this.lines = lines;
    }

    /** Warnings and errors. */
    public static LogCapture of(Class<?> speaker, Consumer<String> lines) {
        return of(speaker.getName(), Level.WARNING, lines);
    }

    /** @param name of a class or of a package */
    public static LogCapture of(String name, Level least, Consumer<String> lines) {
        LogCapture capture = new LogCapture(Logger.getLogger(name), least, lines);
        capture.logger.addHandler(capture);
        return capture;
    }

    @Override
    public void publish(LogRecord line) {
        if (line.getLevel().intValue() >= least.intValue()) {
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

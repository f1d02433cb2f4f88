package io.postern.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the libraries below have to say: sentences on standard error, from warnings on. */
public final class Logs {
    // Held, or the platform forgets what is set on them.
    private static final Logger ROOT = Logger.getLogger("");
    private static final Logger NETTY = Logger.getLogger("io.netty");

    private Logs() {}

    /** Replaces whatever the platform would do with log records. */
    static void toStandardError() {
        LogManager.getLogManager().reset();
        ROOT.setLevel(Level.WARNING);
        NETTY.setLevel(Level.SEVERE);
        ROOT.addHandler(new StandardError());
    }

    /** Netty asks its own finder for a logger, which may find one that nobody set up. */
    public static void quietNetty() {
        io.netty.util.internal.logging.InternalLoggerFactory.setDefaultFactory(
                io.netty.util.internal.logging.JdkLoggerFactory.INSTANCE);
    }

    private static final class StandardError extends Handler {
        private final Formatter sentences = new Sentences();

        @Override
        public void publish(LogRecord entry) {
            if (isLoggable(entry)) {
                System.err.print(sentences.format(entry));
            }
        }

        @Override
        public void flush() {
            System.err.flush();
        }

        @Override
        public void close() {
            flush();
        }
    }

    private static final class Sentences extends Formatter {
        @Override
        public String format(LogRecord entry) {
            StringWriter text = new StringWriter();
            PrintWriter line = new PrintWriter(text);
            line.println("postern: " + formatMessage(entry));
            if (entry.getThrown() != null && Boolean.getBoolean("postern.debug")) {
                entry.getThrown().printStackTrace(line);
            }
            line.flush();
            return text.toString();
        }
    }
}

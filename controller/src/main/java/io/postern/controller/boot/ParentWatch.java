package io.postern.controller.boot;

import java.io.IOException;
import java.io.InputStream;

/** Ends the process when its standard input closes, which happens when the parent that holds it ends. */
final class ParentWatch {
    private ParentWatch() {}

    static void start(Runnable exit) {
        Thread watch = new Thread(() -> run(System.in, exit), "parent-watch");
        watch.setDaemon(true);
        watch.start();
    }

    static void run(InputStream in, Runnable exit) {
        byte[] ignored = new byte[256];
        try {
            while (in.read(ignored) >= 0) {
                // input means nothing here
            }
        } catch (IOException e) {
            // a broken pipe is an end as well
        }
        exit.run();
    }
}

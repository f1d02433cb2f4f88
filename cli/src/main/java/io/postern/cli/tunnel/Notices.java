package io.postern.cli.tunnel;

/** Who is told what begins, ends and fails. Any thread; must not block for long. */
public interface Notices {
    /** Something is up, or has ended as it should. */
    void told(String line);

    /** Something did not work; whatever can be tried again will be. */
    void warned(String line);
}

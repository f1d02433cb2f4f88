package io.postern.cli.console;

/** How a console ended, as this side sees it. */
sealed interface Ending {
    /** What ran has ended. */
    record Exited(int code) implements Ending {}

    /** We left. */
    record Left() implements Ending {}

    /** A signal told us to go. */
    record Signalled(int number) implements Ending {}

    /** The other side ended it as agreed, without an exit code. */
    record Closed(String message) implements Ending {}

    /** It was lost or taken away. */
    record Lost(String message) implements Ending {}
}

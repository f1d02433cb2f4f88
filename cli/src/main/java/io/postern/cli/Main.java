package io.postern.cli;

import io.quarkus.runtime.annotations.QuarkusMain;

/**
 * The program. Parses and runs the command itself: no verb needs a container of beans, and booting one would take most of
 * the time that a short verb takes. Quarkus builds and packages this, natively too.
 */
@QuarkusMain
public final class Main {
    private Main() {}

    public static void main(String... arguments) {
        Logs.toStandardError();
        System.exit(CommandLines.prepared(new Postern(), arguments).execute(arguments));
    }
}

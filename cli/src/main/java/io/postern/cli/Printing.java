package io.postern.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code -o}: how what was asked for is printed, and where. A mixin. */
public final class Printing {
    @Spec(Spec.Target.MIXEE)
    CommandSpec mixee;

    @Option(
            names = {"-o", "--output"},
            description = "table, json, yaml or name.")
    Rendering rendering = Rendering.TABLE;

    public Rendering rendering() {
        return rendering;
    }

    public PrintWriter out() {
        return mixee.commandLine().getOut();
    }
}

package io.postern.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Help for the programs that the launcher starts in this one's place. */
final class ProgramStubs {
    private ProgramStubs() {}

    private static int started(String program) {
        throw new Failure(
                Failure.USAGE,
                "'postern " + program + "' is a program of its own, started by the launcher ./postern; this is the"
                        + " command line tool alone.");
    }

    /** {@code postern controller}. */
    @Command(
            name = "controller",
            description = {
                "Run the controller: who may do what.",
                "Its keys are set by the environment (POSTERN_BIND_PORT=1281), by config/application.properties of the folder"
                        + " it starts in (postern.bind.port=1281), or in $POSTERN_JAVA_OPTS (-Dpostern.bind.port=1281);"
                        + " docs/configuration.md lists them."
            })
    static final class Controller implements Callable<Integer> {
        @Unmatched
        List<String> rest = new ArrayList<>();

        @Override
        public Integer call() {
            return started("controller");
        }
    }

    /** {@code postern router}. */
    @Command(
            name = "router",
            description = {
                "Enroll and run an edge router.",
                "  postern router enroll CONFIG --jwt FILE   make its key and certificates",
                "  postern router run CONFIG...              run it, or several in one process"
            })
    static final class Router implements Callable<Integer> {
        @Unmatched
        List<String> rest = new ArrayList<>();

        @Override
        public Integer call() {
            return started("router");
        }
    }

    /** {@code postern ws-proxy}. */
    @Command(
            name = "ws-proxy",
            description = {
                "Run the console proxy, which attach, exec and cp go through.",
                "Its keys are set as the controller's are; docs/configuration.md lists them."
            })
    static final class WsProxy implements Callable<Integer> {
        @Unmatched
        List<String> rest = new ArrayList<>();

        @Override
        public Integer call() {
            return started("ws-proxy");
        }
    }
}

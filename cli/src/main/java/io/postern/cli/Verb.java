package io.postern.cli;

import io.postern.cli.advice.PolicyCommand;
import io.postern.cli.completion.CompletionCommand;
import io.postern.cli.console.AttachCommand;
import io.postern.cli.console.ContainersCommand;
import io.postern.cli.console.CopyCommand;
import io.postern.cli.console.ExecCommand;
import io.postern.cli.console.RecordingsCommand;
import io.postern.cli.console.SessionsCommand;
import io.postern.cli.doctor.DoctorCommand;
import io.postern.cli.login.LoginCommand;
import io.postern.cli.login.ProfileCommand;
import io.postern.cli.quickstart.QuickstartCommand;
import io.postern.cli.trial.TryCommand;
import io.postern.cli.tunnel.HostCommand;
import io.postern.cli.tunnel.TunnelCommand;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/** The verbs, in the order in which help shows them. A verb's class is not loaded before it is asked for. */
enum Verb {
    QUICKSTART(QuickstartCommand::new),
    TRY(TryCommand::new),
    CONTROLLER(ProgramStubs.Controller::new),
    ROUTER(ProgramStubs.Router::new),
    WS_PROXY(ProgramStubs.WsProxy::new),
    LOGIN(LoginCommand::new),
    PROFILE(ProfileCommand::new),
    ENROLL(EnrollCommand::new),
    CREATE(CreateCommand::new),
    LIST(ListCommand::new, "ls"),
    SHOW(ShowCommand::new),
    UPDATE(UpdateCommand::new),
    DELETE(DeleteCommand::new, "rm"),
    POLICY(PolicyCommand::new),
    DOCTOR(DoctorCommand::new),
    CONTAINERS(ContainersCommand::new),
    ATTACH(AttachCommand::new),
    EXEC(ExecCommand::new),
    CP(CopyCommand::new),
    SESSIONS(SessionsCommand::new),
    RECORDINGS(RecordingsCommand::new),
    TUNNEL(TunnelCommand::new),
    HOST(HostCommand::new),
    COMPLETION(CompletionCommand::new),
    HELP(HelpCommand::new);

    /** Verbs that ask once and print once: what they wait for is worth a word. */
    private static final Set<String> ASKING = Set.of(
            "enroll",
            "create",
            "list",
            "ls",
            "show",
            "update",
            "delete",
            "rm",
            "policy",
            "doctor",
            "containers",
            "sessions");

    private final Supplier<Object> command;
    private final List<String> aliases;

    Verb(Supplier<Object> command, String... aliases) {
        this.command = command;
        this.aliases = List.of(aliases);
    }

    /** As it is typed. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Object command() {
        return command.get();
    }

    /** Does this verb wait for an answer without a word of its own? */
    static boolean asks(String... arguments) {
        return arguments.length > 0 && ASKING.contains(arguments[0]);
    }

    /** The verbs that these arguments may mean: one, none where only the version is asked for, or all. */
    static List<Verb> meant(String... arguments) {
        String word = arguments.length == 0 ? "" : arguments[0];
        if (word.equals("completion") || word.equals("help")) {
            return List.of(values()); // they speak of all
        }
        if (word.equals("--version") || word.equals("-V")) {
            return List.of();
        }
        List<Verb> named = Arrays.stream(values())
                .filter(verb -> verb.word().equals(word) || verb.aliases.contains(word))
                .toList();
        return named.isEmpty() ? List.of(values()) : named;
    }
}

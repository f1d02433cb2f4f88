package io.postern.cli.completion;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postern completion}. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = {
            "Print a script that lets a shell complete this command line.",
            "  bash   source <(postern completion bash)     in ~/.bashrc",
            "  zsh    source <(postern completion zsh)      in ~/.zshrc, behind compinit",
            "  fish   postern completion fish > ~/.config/fish/completions/postern.fish"
        })
public final class CompletionCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
    Shell shell;

    /** A shell that we write for. */
    enum Shell {
        BASH,
        ZSH,
        FISH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public Integer call() {
        CommandLine top = spec.root().commandLine();
        String name = top.getCommandName();
        String script = switch (shell) {
            case FISH -> Fish.script(top.getCommandSpec());
            // One script: it asks for bash's way of completion where it finds itself in zsh.
            case BASH, ZSH -> AutoComplete.bash(name, top);
        };
        spec.commandLine().getOut().print(script);
        spec.commandLine().getOut().flush();
        return 0;
    }
}

package io.postern.cli.login;

import io.postern.cli.Failure;
import io.postern.client.IdentityFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The stored logins, a file for each: {@code profiles/NAME.json} below the configuration folder, and the name of the one
 * in use in the file {@code profile}. {@code --profile} wins over {@code $POSTERN_PROFILE}, that over the one in use. A
 * value of {@code $POSTERN_PROFILE} with a slash is the file of a single profile itself.
 *
 * @param folder configuration folder
 * @param given name by option or environment; null for the one in use
 * @param single file of the only profile; null for named ones
 */
public record Profiles(
        Path folder, @Nullable String given, @Nullable Path single) {
    static final String FIRST = "default";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static volatile @Nullable String option;

    /** What {@code --profile} says, for the rest of the process; null for nothing. */
    public static void choose(@Nullable String name) {
        option = name;
    }

    /** As options and environment have it. */
    public static Profiles here() {
        return of(option, System.getenv("POSTERN_PROFILE"), folderHere());
    }

    static Profiles of(@Nullable String byOption, @Nullable String byEnvironment, Path folder) {
        String named = byOption != null ? byOption : byEnvironment;
        if (named == null || named.isBlank()) {
            return new Profiles(folder, null, null);
        }
        if (named.contains("/")) {
            if (byOption != null) {
                throw new Failure(Failure.USAGE, "--profile takes a name, not a path: '" + named + "'.");
            }
            return new Profiles(folder, null, Path.of(named));
        }
        return new Profiles(folder, checked(named), null);
    }

    /** {@code ~/.config/postern}, or where {@code XDG_CONFIG_HOME} says. */
    private static Path folderHere() {
        String base = System.getenv("XDG_CONFIG_HOME");
        Path folder =
                base == null || base.isBlank() ? Path.of(System.getProperty("user.home"), ".config") : Path.of(base);
        return folder.resolve("postern");
    }

    static String checked(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new Failure(
                    Failure.USAGE,
                    "'" + name + "' is no name for a profile: letters, digits, dot, dash, underscore; at most 64.");
        }
        return name;
    }

    /** Name of the profile that is asked for or in use; nothing where there is none yet. */
    Optional<String> current() throws IOException {
        if (given != null) {
            return Optional.of(given);
        }
        Path chosen = folder.resolve("profile");
        if (Files.exists(chosen)) {
            return Optional.of(checked(Files.readString(chosen).strip()));
        }
        return Files.exists(fileOf(FIRST)) ? Optional.of(FIRST) : Optional.empty();
    }

    private Path fileOf(String name) {
        return folder.resolve("profiles").resolve(name + ".json");
    }

    /** All names, sorted. */
    List<String> names() throws IOException {
        Path all = folder.resolve("profiles");
        if (!Files.isDirectory(all)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(all)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".json") && !file.startsWith("."))
                    .map(file -> file.substring(0, file.length() - ".json".length()))
                    .sorted()
                    .toList();
        }
    }

    Optional<Profile> find(String name) throws IOException {
        Path file = fileOf(name);
        return Files.exists(file) ? Optional.of(Profile.read(file)) : Optional.empty();
    }

    /** The profile to work with, if there is one. */
    public Optional<Profile> look() throws IOException {
        if (single != null) {
            return Files.exists(single) ? Optional.of(Profile.read(single)) : Optional.empty();
        }
        Optional<String> name = current();
        return name.isEmpty() ? Optional.empty() : find(name.get());
    }

    /** Likewise; nothing where it is damaged: whoever is about to replace it needs no more of it. */
    Optional<Profile> known() throws IOException {
        try {
            return look();
        } catch (Failure damaged) {
            if (damaged.exitCode() != Failure.FILE) {
                throw damaged;
            }
            return Optional.empty();
        }
    }

    private Optional<Profile> known(String name) throws IOException {
        try {
            return find(name);
        } catch (Failure damaged) {
            return Optional.empty();
        }
    }

    /** The profile to work with. Fails with how to get one. */
    Profile get() throws IOException {
        Optional<Profile> found = look();
        if (found.isPresent()) {
            return found.get();
        }
        if (given != null && !names().isEmpty()) {
            throw new Failure(
                    Failure.NOT_LOGGED_IN,
                    "There is no profile " + given + " (there are: " + String.join(", ", names())
                            + "): run 'postern login URL --profile " + given + "' first.");
        }
        throw new Failure(Failure.NOT_LOGGED_IN, "Not logged in: run 'postern login URL' first.");
    }

    /** Keeps what changed of the profile that is worked with, unless another login has taken its place meanwhile. */
    void replace(Profile old, Profile fresh) throws IOException {
        Path file = single != null ? single : fileOf(current().orElse(FIRST));
        if (Files.exists(file) && Profile.read(file).isSameAs(old)) {
            fresh.write(file);
        }
    }

    /**
     * Stores a login and uses it from now on. Without a name given, a login to the controller of the profile in use
     * replaces that one; one to another controller becomes another profile, named after its address.
     *
     * @return its name; the file where there is but one
     */
    String store(Profile profile) throws IOException {
        if (single != null) {
            profile.write(single);
            return single.toString();
        }
        String name = nameFor(profile.controller());
        profile.write(fileOf(name));
        if (given == null || option != null || current().isEmpty()) {
            IdentityFile.writePrivate(folder.resolve("profile"), name + "\n");
        }
        return name;
    }

    private String nameFor(URI controller) throws IOException {
        if (given != null) {
            return given;
        }
        Optional<String> used = current();
        if (used.isEmpty()) {
            return FIRST;
        }
        Optional<Profile> known = known(used.get());
        if (known.isEmpty() || known.get().controller().equals(controller)) {
            return used.get();
        }
        for (String name : names()) {
            if (known(name).filter(each -> each.controller().equals(controller)).isPresent()) {
                return name;
            }
        }
        String address =
                controller.getAuthority().replaceAll("[^A-Za-z0-9.-]", "-").replaceAll("^-+", "");
        return checked(address.length() > 64 ? address.substring(0, 64) : address);
    }

    /** Uses this one from now on. */
    void use(String name) throws IOException {
        if (find(checked(name)).isEmpty()) {
            throw missing(name);
        }
        IdentityFile.writePrivate(folder.resolve("profile"), name + "\n");
    }

    /** Forgets it. */
    void remove(String name) throws IOException {
        if (!Files.deleteIfExists(fileOf(checked(name)))) {
            throw missing(name);
        }
        Path chosen = folder.resolve("profile");
        if (Files.exists(chosen) && Files.readString(chosen).strip().equals(name)) {
            Files.delete(chosen);
        }
    }

    private Failure missing(String name) throws IOException {
        String all = names().isEmpty() ? "there is none" : "there are: " + String.join(", ", names());
        return new Failure(Failure.REFUSED, "There is no profile " + name + " (" + all + ").");
    }
}

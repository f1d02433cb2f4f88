package io.postern.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Properties;

/**
 * The release of Postern that this code is, as its build has it. It is apart from the version of OpenZiti's API and wire that a
 * program speaks, by which peers switch behaviour: both go into a hello, the release as the revision.
 */
public final class Release {
    /** {@code 0.1.0}, or {@code 0.1.0-SNAPSHOT} between releases. */
    public static final String NUMBER;

    /** {@code yyyy-mm-dd} of the build's timestamp, the same for whoever builds this release. */
    public static final String DATE;

    private static final String PRODUCT = "postern-";

    static {
        Properties built = new Properties();
        try (InputStream file = Release.class.getResourceAsStream("/META-INF/postern/release.properties")) {
            built.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        NUMBER = built.getProperty("number");
        DATE = built.getProperty("date").substring(0, "yyyy-mm-dd".length());
    }

    private Release() {}

    /** This release in a place where OpenZiti has the hash of a commit: {@code postern-0.1.0}. */
    public static String revision() {
        return PRODUCT + NUMBER;
    }

    /** The release that a revision names, or empty when the program is not Postern. */
    public static Optional<String> of(String revision) {
        return revision.startsWith(PRODUCT) ? Optional.of(revision.substring(PRODUCT.length())) : Optional.empty();
    }

    /** What a program of this release says of itself. @param speaks {@code v} and a semantic version of OpenZiti */
    public static Version speaking(String speaks) {
        return new Version(speaks, revision(), DATE, "jvm", "any");
    }
}

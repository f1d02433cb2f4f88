package io.postern.cli;

import io.postern.client.AdministratorsOnly;
import io.postern.client.ApiRefusal;
import io.postern.client.EnrollmentFailed;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;

/** A command that did not do what it was asked for: one sentence for people, one exit code for programs. */
public final class Failure extends RuntimeException {
    public static final int REFUSED = 1;
    public static final int USAGE = 2;
    public static final int NOT_LOGGED_IN = 3;
    public static final int UNREACHABLE = 4;
    public static final int FILE = 5;

    private static final String SILENT = "The controller did not answer in time.";
    /** What reading a folder is answered with. */
    private static final String FOLDER = "Is a directory";

    private final int exitCode;

    public Failure(int exitCode, String sentence) {
        super(sentence, null, false, false);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }

    /** Reads any exception as a sentence and an exit code. */
    public static Failure of(Throwable cause) {
        return switch (cause) {
            case Failure failure -> failure;
            case AdministratorsOnly who ->
                new Failure(
                        REFUSED,
                        "You are logged in as " + who.identityName()
                                + ", who is no administrator: only administrators may do this.");
            case ApiRefusal refusal
            when refusal.unauthorized() ->
                new Failure(
                        NOT_LOGGED_IN,
                        "The controller does not know this login (any more): run 'postern login'. It said "
                                + refusal.getMessage());
            case ApiRefusal refusal
            when refusal.field().isPresent() && refusal.reason().isPresent() ->
                new Failure(
                        REFUSED,
                        refusal.reason().get() + " (field " + refusal.field().get() + ", " + refusal.code() + ")");
            case ApiRefusal refusal -> new Failure(REFUSED, refusal.getMessage());
            case EnrollmentFailed failed ->
                new Failure(
                        failed.reason() == EnrollmentFailed.Reason.UNREACHABLE ? UNREACHABLE : REFUSED,
                        failed.getMessage());
            case ConnectException e -> new Failure(UNREACHABLE, sentence(e));
            case UnknownHostException e -> new Failure(UNREACHABLE, "There is no host " + e.getMessage() + ".");
            case HttpTimeoutException e -> new Failure(UNREACHABLE, SILENT);
            case SocketTimeoutException e -> new Failure(UNREACHABLE, SILENT);
            case SSLException e
            when isOfTrust(e) ->
                new Failure(
                        UNREACHABLE,
                        "The controller's certificate is not trusted: " + e.getMessage()
                                + ". Run 'postern login' again if the controller is new.");
            case SSLException e ->
                new Failure(
                        UNREACHABLE,
                        "What answers in the controller's place does not speak TLS as a controller does: " + sentence(e)
                                + ".");
            case SocketException e -> new Failure(UNREACHABLE, "The connection failed: " + sentence(e) + ".");
            case ProtocolException e ->
                new Failure(UNREACHABLE, "What answers in the controller's place does not speak HTTP: " + sentence(e));
            case IOException e
            when e.getCause() instanceof EOFException ->
                new Failure(UNREACHABLE, "The answer broke off: " + sentence(e) + ".");
            case CharacterCodingException e -> new Failure(FILE, "A file is no text (of UTF-8).");
            case NoSuchFileException e -> new Failure(FILE, "There is no file " + e.getFile() + ".");
            case FileNotFoundException e -> new Failure(FILE, sentence(e));
            case AccessDeniedException e -> new Failure(FILE, "Permission denied: " + e.getFile() + ".");
            case FileSystemException e ->
                new Failure(FILE, (e.getReason() == null ? "File trouble: " : "") + e.getMessage());
            case IOException e
            when FOLDER.equals(e.getMessage()) -> new Failure(FILE, "There is a folder where a file is needed.");
            default -> new Failure(REFUSED, sentence(cause));
        };
    }

    /** Is it the certificate, and not that something else than TLS is spoken? */
    public static boolean isOfTrust(SSLException failed) {
        for (Throwable cause = failed.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException
                    || cause instanceof CertPathValidatorException
                    || cause instanceof CertPathBuilderException) {
                return true;
            }
        }
        return false;
    }

    private static String sentence(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}

package io.postern.wsproxy.protocol;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.wsproxy.hub.Viewer.End;

/** The last word of {@code v5.channel.k8s.io}: a metav1.Status in JSON. */
final class StatusMessage {
    private StatusMessage() {}

    static String of(End end) {
        return switch (end) {
            case End.Exit exit -> exit.code() == 0 ? success() : exitCode(exit.code());
            case End.Detached detached -> success();
            default -> failure("InternalError", Closing.of(end).sentence()).toString();
        };
    }

    private static String success() {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.putObject("metadata");
        return status.put("status", "Success").toString();
    }

    private static String exitCode(int code) {
        ObjectNode status =
                failure("NonZeroExitCode", "command terminated with non-zero exit code: exit status " + code);
        status.putObject("details")
                .putArray("causes")
                .addObject()
                .put("reason", "ExitCode")
                .put("message", Integer.toString(code));
        return status.toString();
    }

    private static ObjectNode failure(String reason, String message) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.putObject("metadata");
        return status.put("status", "Failure").put("message", message).put("reason", reason);
    }
}

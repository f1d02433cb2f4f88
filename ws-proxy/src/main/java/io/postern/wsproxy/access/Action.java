package io.postern.wsproxy.access;

/** What can be done with a container, each a right of its own. The words are those of {@code containers.v1}. */
public enum Action {
    OBSERVE("observe"),
    ATTACH("attach"),
    EXEC("exec"),
    EXEC_AS_USER("execAsUser"),
    COPY_IN("copyIn"),
    COPY_OUT("copyOut"),
    VIEW_RECORDING("viewRecording");

    private final String word;

    Action(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }
}

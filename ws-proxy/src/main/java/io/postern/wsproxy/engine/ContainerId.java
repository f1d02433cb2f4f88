package io.postern.wsproxy.engine;

/** A container's whole id: 64 hexadecimal digits, fit for a request line. */
public record ContainerId(String value) {
    public ContainerId {
        if (!value.matches("[0-9a-f]{64}")) {
            throw new EngineRefusal(EngineRefusal.Code.BAD_REQUEST, "not a container's id: 64 hexadecimal digits");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}

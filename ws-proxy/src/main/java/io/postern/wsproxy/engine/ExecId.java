package io.postern.wsproxy.engine;

/** The engine's id of an exec: 64 hexadecimal digits, fit for a request line. */
public record ExecId(String value) {
    public ExecId {
        if (!value.matches("[0-9a-f]{64}")) {
            throw new EngineRefusal(EngineRefusal.Code.ENGINE_FAILED, "the engine gave an exec id that is none");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}

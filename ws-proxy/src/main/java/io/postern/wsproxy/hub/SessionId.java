package io.postern.wsproxy.hub;

/** A console session's id: 128 random bits in lower-case hexadecimal. Knowing it gives no right. */
public record SessionId(String value) {
    @Override
    public String toString() {
        return value;
    }
}

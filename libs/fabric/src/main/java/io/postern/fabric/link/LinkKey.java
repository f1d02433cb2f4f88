package io.postern.fabric.link;

/**
 * What makes two Links the same one: bindings, protocol and peer, seen from this router, whoever dialled. Fabric sheet 3.2.
 */
public record LinkKey(String dialerBinding, String protocol, String routerId, String listenerBinding) {
    public LinkKey {
        dialerBinding = dialerBinding.isEmpty() ? "default" : dialerBinding;
        listenerBinding = listenerBinding.isEmpty() ? "default" : listenerBinding;
    }

    /** As controllers and inspections print it. */
    @Override
    public String toString() {
        return dialerBinding + "->" + protocol + ":" + routerId + "->" + listenerBinding;
    }
}

package io.postern.controller.channel;

/**
 * What hangs on the control channels: a feature names the messages it hears and is told of routers that come and go. All
 * on the network loop.
 */
public interface ControlFeature {
    /** Once, at start. */
    void register(ControlHandlers handlers);

    /** The router's channel is up and is its only one. */
    default void connected(RouterConnection router) {}

    /**
     * The router's channel is down and no other took its place. Not called for a channel that was displaced: then
     * {@link #connected} is called again for the new one.
     */
    default void disconnected(RouterConnection router) {}
}

package io.postern.fabric.model;

/** Parts of the model that a change can touch. */
public enum ModelAspect {
    IDENTITIES,
    SERVICES,
    POLICIES,
    CONFIGS,
    POSTURE,
    KEYS,
    REVOCATIONS,
    ROUTERS,
    /** What only controllers know, such as which routers a service may use: what they refused they may grant now. */
    CONTROLLERS_OWN
}

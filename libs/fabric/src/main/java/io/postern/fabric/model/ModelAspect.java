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
    ROUTERS
}

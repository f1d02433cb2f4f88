package io.postern.controller.policy;

/** What a service policy permits. The names are the wire's. */
public enum PolicyType {
    Dial,
    Bind
}

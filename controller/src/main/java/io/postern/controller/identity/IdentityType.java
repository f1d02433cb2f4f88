package io.postern.controller.identity;

/** What callers may name. Stock keeps all but Router as Default, and so does this. */
public enum IdentityType {
    User,
    Device,
    Service,
    Router,
    Default
}

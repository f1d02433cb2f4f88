package io.postern.controller.session;

/** Sessions are made by authenticating and dialling, never written by an administrator. */
public record NoDraft() {}

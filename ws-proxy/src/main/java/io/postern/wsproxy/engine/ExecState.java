package io.postern.wsproxy.engine;

/** Where an exec is. @param exitCode of its process; means nothing while it runs */
public record ExecState(boolean running, int exitCode) {}

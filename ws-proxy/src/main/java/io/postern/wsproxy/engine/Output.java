package io.postern.wsproxy.engine;

/** Which of a process's outputs bytes come from; a terminal has only the first. */
public enum Output {
    OUT,
    ERR
}

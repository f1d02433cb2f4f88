package io.postern.wsproxy.engine;

import java.time.Duration;

/**
 * How engines are asked.
 *
 * @param callTimeout for a control call, each of dial, answer and silence within the answer
 * @param streamTimeout until an engine hands a stream over
 * @param callsPerHost control calls at the same time; more wait
 * @param detachKeys what engine and hub take for "detach" on a terminal, in the engine's notation. The engine holds the
 *     first of them back until the next key, so Ctrl-P, its default, is a bad one.
 * @param refresh how often the overlay is asked for hosts
 */
public record EngineOptions(
        Duration callTimeout, Duration streamTimeout, int callsPerHost, DetachKeys detachKeys, Duration refresh) {
    public static final EngineOptions DEFAULT = new EngineOptions(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            32,
            DetachKeys.parse("ctrl-^,ctrl-_"),
            Duration.ofSeconds(15));
}

package io.postern.router.tunnel;

import io.postern.client.crypto.KeyExchange;
import io.postern.client.hosting.HostConfig;

/**
 * One Terminator of this tunneler.
 *
 * @param keys its key pair, used when the service wants encryption
 */
record Hosted(String terminatorId, String serviceId, HostConfig config, boolean encrypted, KeyExchange keys) {}

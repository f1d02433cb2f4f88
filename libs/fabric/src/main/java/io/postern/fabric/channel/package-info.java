/** One Channel's decisions: numbering, replies, heartbeats, idle rule. Knows no socket and no clock. */
@NullMarked
package io.postern.fabric.channel;

import org.jspecify.annotations.NullMarked;

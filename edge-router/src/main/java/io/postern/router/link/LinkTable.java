package io.postern.router.link;

import io.postern.transport.Channel;
import java.util.Optional;

/** The Links that are up, by id. Any thread; cheap enough for each frame. */
public interface LinkTable {
    Optional<Channel> byId(String linkId);
}

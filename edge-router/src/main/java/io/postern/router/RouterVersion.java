package io.postern.router;

import io.postern.wire.Release;

/** What this router says of itself. Peers choose features by it: from 1.6.6 on, one connection may be a whole Link. */
final class RouterVersion {
    static final String NUMBER = "v2.1.0";

    private RouterVersion() {}

    static String text() {
        return Release.speaking(NUMBER).text();
    }
}

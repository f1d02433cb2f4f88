package io.postern.controller.boot;

/** Which release this is. */
public final class Release {
    /** Clients and routers parse it and switch behaviour by it (SDK sheet 2.1). */
    public static final String VERSION = "v2.0.0";

    private Release() {}
}

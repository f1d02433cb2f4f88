package io.postern.wire;

/**
 * How large a frame may be.
 *
 * @param headers most bytes of the header block
 * @param body most bytes of the body
 */
public record FrameLimits(int headers, int body) {
    /** For the first frame in each direction. SDK sheet 4.2. */
    public static final FrameLimits HELLO = new FrameLimits(16_384, 4_192);

    /** SDK channels: a client sends one Data per write of the application, of any size. */
    public static final FrameLimits EDGE = new FrameLimits(64 * 1024, 32 * 1024 * 1024);

    /** Links carry what SDK channels carry, unchanged. */
    public static final FrameLimits LINK = EDGE;

    /** Control channels: the full router data model is one frame. */
    public static final FrameLimits CONTROL = new FrameLimits(256 * 1024, 64 * 1024 * 1024);
}

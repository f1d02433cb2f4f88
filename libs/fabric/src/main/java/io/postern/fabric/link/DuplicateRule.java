package io.postern.fabric.link;

/**
 * Which of two Links with one {@link LinkKey} stays. Both routers decide alike, because the ids decide; a Link that has turned
 * away five others gives way, in case it is only half alive. Fabric sheet 3.6.
 */
public final class DuplicateRule {
    private static final int MOST_REJECTIONS = 5;

    private DuplicateRule() {}

    /** @param rejections how many the existing Link has turned away so far */
    public static boolean keepsExisting(String existingId, String newId, int rejections) {
        return existingId.compareTo(newId) < 0 && rejections <= MOST_REJECTIONS;
    }
}

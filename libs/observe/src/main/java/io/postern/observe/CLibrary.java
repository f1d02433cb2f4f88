package io.postern.observe;

import org.graalvm.nativeimage.c.function.CFunction;
import org.graalvm.word.PointerBase;
import org.graalvm.word.UnsignedWord;
import org.graalvm.word.WordFactory;

/** Calls of the C library, in an executable only: a JVM must not load this class. */
final class CLibrary {
    /** Linux' {@code MADV_DONTNEED}: unmapped until it is read again, and then as it is in its file. */
    private static final int NOT_NEEDED = 4;

    private CLibrary() {}

    /** A mapping that the kernel does not let go stays. */
    static void giveBack(Mapping mapping) {
        madvise(WordFactory.pointer(mapping.start()), WordFactory.unsigned(mapping.length()), NOT_NEEDED);
    }

    /** madvise(2). */
    @CFunction("madvise")
    private static native int madvise(PointerBase start, UnsignedWord length, int advice);
}

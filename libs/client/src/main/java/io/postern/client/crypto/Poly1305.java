package io.postern.client.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The one-time authenticator of RFC 8439, for input that comes in whole blocks of 16 bytes but for one short tail.
 *
 * <p>The platform has a fast one, but only behind an AEAD whose padding differs from the stream's. The number modulo
 * 2^130-5 is held as limbs of 44, 44 and 42 bits. A product of two limbs is split at bit 44 without carries: its low
 * part by an ordinary multiplication, its high part as the upper word of both factors shifted left by ten.
 */
final class Poly1305 {
    static final int BLOCK = 16;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long M44 = (1L << 44) - 1;
    private static final long M42 = (1L << 42) - 1;

    private long r0;
    private long r1;
    private long r2;
    private long pad0;
    private long pad1;
    private long h0;
    private long h1;
    private long h2;

    /** Starts over under the 32 byte key at the beginning of {@code key}. */
    void start(byte[] key) {
        long t0 = (long) LONG.get(key, 0);
        long t1 = (long) LONG.get(key, 8);
        r0 = t0 & 0xffc0fffffffL;
        r1 = (t0 >>> 44 | t1 << 20) & 0xfffffc0ffffL;
        r2 = t1 >>> 24 & 0x00ffffffc0fL;
        pad0 = (long) LONG.get(key, 16);
        pad1 = (long) LONG.get(key, 24);
        h0 = 0;
        h1 = 0;
        h2 = 0;
    }

    /** Takes whole blocks. */
    void blocks(byte[] in, int offset, int length) {
        add(in, offset, length, 1L << 40);
    }

    /** Takes the short last block, 1 to 15 bytes. */
    void last(byte[] in, int offset, int length) {
        byte[] block = new byte[BLOCK];
        System.arraycopy(in, offset, block, 0, length);
        block[length] = 1;
        add(block, 0, BLOCK, 0);
    }

    private void add(byte[] in, int offset, int length, long marker) {
        long x0 = r0 << 10;
        long x1 = r1 << 10;
        long x2 = r2 << 10;
        long s1 = r1 * 20;
        long s2 = r2 * 20;
        long y1 = s1 << 10;
        long y2 = s2 << 10;
        long a = h0;
        long b = h1;
        long c = h2;
        for (int at = offset; at < offset + length; at += BLOCK) {
            long t0 = (long) LONG.get(in, at);
            long t1 = (long) LONG.get(in, at + 8);
            a += t0 & M44;
            b += (t0 >>> 44 | t1 << 20) & M44;
            c += t1 >>> 24 & M42 | marker;
            long u = a << 10;
            long v = b << 10;
            long w = c << 10;
            long high0 = Math.multiplyHigh(u, x0) + Math.multiplyHigh(v, y2) + Math.multiplyHigh(w, y1);
            long high1 = Math.multiplyHigh(u, x1) + Math.multiplyHigh(v, x0) + Math.multiplyHigh(w, y2);
            long high2 = Math.multiplyHigh(u, x2) + Math.multiplyHigh(v, x1) + Math.multiplyHigh(w, x0);
            long low0 = (a * r0 & M44) + (b * s2 & M44) + (c * s1 & M44);
            long low1 = (a * r1 & M44) + (b * r0 & M44) + (c * s2 & M44) + high0 + (low0 >>> 44);
            long low2 = (a * r2 & M44) + (b * r1 & M44) + (c * r0 & M44) + high1 + (low1 >>> 44);
            a = (low0 & M44) + ((high2 << 2) + (low2 >>> 42)) * 5;
            b = (low1 & M44) + (a >>> 44);
            c = low2 & M42;
            a &= M44;
        }
        h0 = a;
        h1 = b;
        h2 = c;
    }

    /** Writes the 16 byte tag. */
    void finish(byte[] out, int offset) {
        reduce();
        // Is the number 2^130-5 or more? Then it minus that modulus is the value.
        long g0 = h0 + 5;
        long g1 = h1 + (g0 >>> 44);
        long g2 = h2 + (g1 >>> 44) - (1L << 42);
        long keep = g2 >> 63;
        h0 = h0 & keep | g0 & M44 & ~keep;
        h1 = h1 & keep | g1 & M44 & ~keep;
        h2 = h2 & keep | g2 & M42 & ~keep;
        long low = h0 | h1 << 44;
        long high = h1 >>> 20 | h2 << 24;
        long sum = low + pad0;
        long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
        LONG.set(out, offset, sum);
        LONG.set(out, offset + 8, high + pad1 + carry);
    }

    private void reduce() {
        for (int i = 0; i < 2; i++) {
            h2 += h1 >>> 44;
            h1 &= M44;
            h0 += (h2 >>> 42) * 5;
            h2 &= M42;
            h1 += h0 >>> 44;
            h0 &= M44;
        }
        h2 += h1 >>> 44;
        h1 &= M44;
    }
}

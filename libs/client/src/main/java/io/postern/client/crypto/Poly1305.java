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
    /** The bit above a whole block. */
    private static final long MARKER = 1L << 40;
    /** Bytes from which squaring the key pays. */
    private static final int PAIRS_FROM = 8 * BLOCK;

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

    /** Takes whole blocks, two at a time: (h + m1) r^2 + m2 r, which halves the chain of carries. */
    void blocks(byte[] in, int offset, int length) {
        int pairs = length >= PAIRS_FROM ? length & -2 * BLOCK : 0;
        if (pairs > 0) {
            pairs(in, offset, offset + pairs);
        }
        add(in, offset + pairs, length - pairs, MARKER);
    }

    /** Takes the short last block, 1 to 15 bytes. */
    void last(byte[] in, int offset, int length) {
        byte[] block = new byte[BLOCK];
        System.arraycopy(in, offset, block, 0, length);
        block[length] = 1;
        add(block, 0, BLOCK, 0);
    }

    private void add(byte[] in, int offset, int length, long marker) {
        for (int at = offset; at < offset + length; at += BLOCK) {
            long t0 = (long) LONG.get(in, at);
            long t1 = (long) LONG.get(in, at + 8);
            h0 += t0 & M44;
            h1 += (t0 >>> 44 | t1 << 20) & M44;
            h2 += t1 >>> 24 & M42 | marker;
            multiply();
        }
    }

    /** h = h r, reduced but for a few bits. */
    private void multiply() {
        long s1 = r1 * 20;
        long s2 = r2 * 20;
        long high0 = high(h0, r0) + high(h1, s2) + high(h2, s1);
        long high1 = high(h0, r1) + high(h1, r0) + high(h2, s2);
        long high2 = high(h0, r2) + high(h1, r1) + high(h2, r0);
        long low0 = low(h0, r0) + low(h1, s2) + low(h2, s1);
        long low1 = low(h0, r1) + low(h1, r0) + low(h2, s2) + high0 + (low0 >>> 44);
        long low2 = low(h0, r2) + low(h1, r1) + low(h2, r0) + high1 + (low1 >>> 44);
        h0 = (low0 & M44) + ((high2 << 2) + (low2 >>> 42)) * 5;
        h1 = (low1 & M44) + (h0 >>> 44);
        h2 = low2 & M42;
        h0 &= M44;
    }

    private static long high(long a, long b) {
        return Math.multiplyHigh(a << 10, b << 10);
    }

    private static long low(long a, long b) {
        return a * b & M44;
    }

    private void pairs(byte[] in, int from, int to) {
        long a = h0;
        long b = h1;
        long c = h2;
        h0 = r0;
        h1 = r1;
        h2 = r2;
        multiply();
        long q0 = h0;
        long q1 = h1;
        long q2 = h2;
        long p1 = q1 * 20;
        long p2 = q2 * 20;
        long s1 = r1 * 20;
        long s2 = r2 * 20;
        for (int at = from; at < to; at += 2 * BLOCK) {
            long t0 = (long) LONG.get(in, at);
            long t1 = (long) LONG.get(in, at + 8);
            long t2 = (long) LONG.get(in, at + 16);
            long t3 = (long) LONG.get(in, at + 24);
            a += t0 & M44;
            b += (t0 >>> 44 | t1 << 20) & M44;
            c += t1 >>> 24 & M42 | MARKER;
            long x = t2 & M44;
            long y = (t2 >>> 44 | t3 << 20) & M44;
            long z = t3 >>> 24 & M42 | MARKER;
            long high0 = high(a, q0) + high(b, p2) + high(c, p1) + high(x, r0) + high(y, s2) + high(z, s1);
            long high1 = high(a, q1) + high(b, q0) + high(c, p2) + high(x, r1) + high(y, r0) + high(z, s2);
            long high2 = high(a, q2) + high(b, q1) + high(c, q0) + high(x, r2) + high(y, r1) + high(z, r0);
            long low0 = low(a, q0) + low(b, p2) + low(c, p1) + low(x, r0) + low(y, s2) + low(z, s1);
            long low1 = low(a, q1) + low(b, q0) + low(c, p2) + low(x, r1) + low(y, r0) + low(z, s2);
            long low2 = low(a, q2) + low(b, q1) + low(c, q0) + low(x, r2) + low(y, r1) + low(z, r0);
            low1 += high0 + (low0 >>> 44);
            low2 += high1 + (low1 >>> 44);
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

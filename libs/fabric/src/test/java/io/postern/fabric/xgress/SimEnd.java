package io.postern.fabric.xgress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.AsciiString;
import io.postern.testkit.SimNet;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.xgress.Acknowledgement;
import io.postern.wire.xgress.Payload;
import io.postern.wire.xgress.PayloadHeaders;
import io.postern.wire.xgress.XgressMessage;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/** An engine on a simulated network, with an application behind it that writes random bytes and hashes what it reads. */
final class SimEnd implements XgressReceiver {
    /** Counts: what a test has not released is seen in its metric. */
    final UnpooledByteBufAllocator allocator;

    final XgressEngine engine;
    final SimNet net;
    final Random random;
    final MessageDigest written = sha256();
    final MessageDigest read = sha256();
    SimNet.Pipe out;
    SimEnd peer;
    long toWrite;
    boolean endWhenWritten;
    boolean closeOnEnd;
    int mostBody = 48 * 1024;
    long readBytes;
    boolean ready = true;
    boolean ended;
    boolean mayWrite = true;

    SimEnd(SimNet net, boolean initiator, int ends, XgressOptions options, UnpooledByteBufAllocator allocator) {
        this.net = net;
        this.allocator = allocator;
        this.random = new Random(net.seed() * 31 + ends);
        AsciiString id = AsciiString.of("4aQ2circuit");
        this.engine = initiator
                ? XgressEngine.initiator(id, options, random.nextLong())
                : XgressEngine.terminator(id, options, random.nextLong(), net.now());
    }

    static void join(SimEnd a, SimEnd b, SimNet.Pipe ab, SimNet.Pipe ba) {
        a.out = ab;
        a.peer = b;
        b.out = ba;
        b.peer = a;
    }

    void write(long bytes, boolean end) {
        toWrite = bytes;
        endWhenWritten = end;
    }

    /** What an event loop does in one pass. */
    void pump() {
        long now = net.now();
        engine.tick(now);
        engine.deliver(this, now);
        if (engine.takeWritable()) {
            mayWrite = true;
        }
        while (mayWrite && toWrite > 0) {
            byte[] chunk = new byte[(int) Math.min(toWrite, 1 + random.nextInt(mostBody))];
            random.nextBytes(chunk);
            written.update(chunk);
            toWrite -= chunk.length;
            ByteBuf body = allocator.buffer(chunk.length).writeBytes(chunk);
            mayWrite = engine.offer(body, PayloadHeaders.NONE);
        }
        if (toWrite == 0 && endWhenWritten) {
            endWhenWritten = false;
            engine.endOfInput(now);
        }
        for (Acknowledgement ack = engine.nextAcknowledgement(now);
                ack != null;
                ack = engine.nextAcknowledgement(now)) {
            transmit(ack);
        }
        for (Payload payload = engine.nextPayload(now); payload != null; payload = engine.nextPayload(now)) {
            transmit(payload);
        }
    }

    void transmit(XgressMessage message) {
        ByteBuf wire = message.frame().encode(allocator, 1);
        byte[] bytes = new byte[wire.readableBytes()];
        wire.readBytes(bytes);
        wire.release();
        out.send(bytes, peer::arrive);
    }

    void arrive(byte[] bytes) {
        Frame frame = Frame.take(allocator.buffer(bytes.length).writeBytes(bytes));
        if (frame.contentType() == ContentType.XG_PAYLOAD) {
            engine.receive(Payload.take(frame), net.now());
        } else {
            engine.receive(Acknowledgement.read(frame), net.now());
            frame.release();
        }
    }

    @Override
    public boolean ready() {
        return ready;
    }

    @Override
    public void data(ByteBuf body, PayloadHeaders headers) {
        readBytes += body.readableBytes();
        byte[] bytes = new byte[body.readableBytes()];
        body.readBytes(bytes);
        body.release();
        read.update(bytes);
    }

    @Override
    public void endOfData() {
        ended = true;
        if (closeOnEnd) {
            engine.close("", net.now());
        }
    }

    String hashOfWritten() throws CloneNotSupportedException {
        return HexFormat.of().formatHex(((MessageDigest) written.clone()).digest());
    }

    String hashOfRead() throws CloneNotSupportedException {
        return HexFormat.of().formatHex(((MessageDigest) read.clone()).digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

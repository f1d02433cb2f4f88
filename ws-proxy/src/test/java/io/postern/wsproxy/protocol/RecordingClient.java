package io.postern.wsproxy.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.postern.wsproxy.hub.Size;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a protocol does, and releases what it is given. */
final class RecordingClient implements Client {
    final List<byte[]> sent = new ArrayList<>();
    final List<String> did = new ArrayList<>();
    final List<Runnable> later = new ArrayList<>();
    final ByteArrayOutputStream typed = new ByteArrayOutputStream();

    private static byte[] take(ByteBuf bytes) {
        byte[] taken = new byte[bytes.readableBytes()];
        bytes.readBytes(taken);
        if (!bytes.release() && bytes != Unpooled.EMPTY_BUFFER) {
            throw new AssertionError("somebody else holds the bytes");
        }
        return taken;
    }

    byte[] all() {
        var all = new ByteArrayOutputStream();
        sent.forEach(all::writeBytes);
        return all.toByteArray();
    }

    @Override
    public void send(ByteBuf message) {
        sent.add(take(message));
    }

    @Override
    public void send(int channel, ByteBuf payload) {
        byte[] bytes = take(payload);
        byte[] message = new byte[bytes.length + 1];
        message[0] = (byte) channel;
        System.arraycopy(bytes, 0, message, 1, bytes.length);
        sent.add(message);
    }

    @Override
    public void flush() {
        did.add("flush");
    }

    @Override
    public void send(String message) {
        did.add("text " + message);
    }

    @Override
    public void ping() {
        did.add("ping");
    }

    @Override
    public void close(int code, String reason) {
        did.add("close " + code);
    }

    @Override
    public void later(long millis, Runnable task) {
        later.add(task);
    }

    @Override
    public void input(ByteBuf bytes) {
        typed.writeBytes(take(bytes));
    }

    @Override
    public void closeInput() {
        did.add("eof");
    }

    @Override
    public void resize(Size size) {
        did.add("resize " + size.columns() + "x" + size.rows());
    }

    @Override
    public void leave() {
        did.add("leave");
    }

    @Override
    public void acknowledge(long position) {
        did.add("ack " + position);
    }
}

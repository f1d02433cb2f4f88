package io.postern.conformance.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.openziti.Ziti;
import org.openziti.ZitiAddress;
import org.openziti.ZitiContext;
import org.openziti.identity.Enroller;

/**
 * Drives the stock JVM SDK: {@code enroll JWT OUT}, {@code list ID [SERVICE…]}, {@code host ID SERVICE…},
 * {@code dial ID SERVICE MODE BYTES}. The protocol and the exit codes are those of {@code ../README.md}.
 */
public final class Client {
    private Client() {}

    public static void main(String[] args) throws Exception {
        String verb = args.length > 1 ? args[0] : "";
        switch (verb) {
            case "enroll" -> {
                watchdog();
                enroll(args[1], args[2]);
            }
            case "list" -> {
                watchdog();
                list(args[1], List.of(args).subList(2, args.length));
            }
            case "host" -> host(args[1], List.of(args).subList(2, args.length));
            case "dial" -> {
                watchdog();
                dial(args[1], args[2], args[3].charAt(0), Long.parseLong(args[4]));
            }
            default -> {
                System.err.println("usage: enroll JWT OUT | list ID | host ID SERVICE... | dial ID SERVICE MODE BYTES");
                exit(2);
            }
        }
    }

    private static void enroll(String token, String out) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            Enroller.Companion.fromJWT(Files.readString(Path.of(token)).strip()).enroll(null, store, "any");
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            store.store(bytes, new char[0]);
            Files.write(Path.of(out), bytes.toByteArray());
        } catch (Exception e) {
            fail("enroll", e);
        }
        say("RESULT enroll ok");
        exit(0);
    }

    private static ZitiContext open(String what, String id) throws InterruptedException {
        ZitiContext context = Ziti.newContext(id, new char[0]);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(envSeconds("LANE_LOGIN", 60));
        while (!(context.getStatus() instanceof ZitiContext.Status.Active)) {
            if (System.nanoTime() > end) {
                fail(what, new IllegalStateException("never active: " + context.getStatus()));
            }
            Thread.sleep(20);
        }
        return context;
    }

    /** The Java-visible API has no list call: each named service is looked up in the list that the SDK loaded. */
    private static void list(String id, List<String> names) throws InterruptedException {
        ZitiContext context = open("list", id);
        for (String name : names) {
            var service = context.getService(name);
            if (service == null) {
                fail("list", new IllegalStateException("service " + name + " is not listed"));
            }
            say("SERVICE " + name + " encrypted=" + service.getEncryptionRequired());
        }
        say("RESULT list ok " + names.size());
        exit(0);
    }

    private static void host(String id, List<String> names) throws Exception {
        ZitiContext context = open("host", id);
        CountDownLatch closed = new CountDownLatch(names.size());
        for (String name : names) {
            AsynchronousServerSocketChannel server = context.openServer();
            try {
                server.bind(new ZitiAddress.Bind(name));
            } catch (Exception e) {
                fail("host", e);
            }
            say("listening " + name);
            start("accept-" + name, () -> accept(name, server, closed));
        }
        say("ready");
        start("ended", () -> {
            awaitQuietly(closed);
            exit(3);
        });
        System.in.transferTo(java.io.OutputStream.nullOutputStream());
        exit(0);
    }

    private static void accept(String name, AsynchronousServerSocketChannel server, CountDownLatch closed) {
        while (true) {
            try {
                AsynchronousSocketChannel channel = server.accept().get();
                start("serve-" + name, () -> Talk.serve(name, new Talk.Line(channel)));
            } catch (ExecutionException | InterruptedException e) {
                say("closed " + name + " " + text(e));
                closed.countDown();
                return;
            }
        }
    }

    private static void dial(String id, String name, char mode, long size) throws InterruptedException {
        ZitiContext context = open("dial", id);
        say("authenticated");
        long began = System.nanoTime();
        try {
            AsynchronousSocketChannel channel = context.open();
            channel.connect(new ZitiAddress.Dial(name)).get(30, TimeUnit.SECONDS);
            double dialled = (System.nanoTime() - began) / 1e9;
            say("connected");
            Talk.Line line = new Talk.Line(channel);
            String outcome = Talk.dial(line, mode, size);
            say(String.format(
                    Locale.ROOT,
                    "RESULT dial ok mode=%s bytes=%d %s dial=%.3f seconds=%.3f",
                    mode,
                    size,
                    outcome,
                    dialled,
                    (System.nanoTime() - began) / 1e9));
            if (mode == 'R') { // bytes written just before a close may be lost: the runner ends us when the host has them
                lingered();
            }
            channel.close();
            context.destroy();
        } catch (ExecutionException | TimeoutException | IOException | RuntimeException e) {
            fail("dial", e);
        }
        exit(0);
    }

    private static void lingered() throws InterruptedException {
        Thread reader = start("stdin", () -> {
            try {
                System.in.transferTo(java.io.OutputStream.nullOutputStream());
            } catch (IOException e) {
                say("stdin " + e);
            }
        });
        reader.join(10_000);
    }

    static Thread start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    static int envSeconds(String name, int fallback) {
        String value = System.getenv(name);
        return value == null || value.isEmpty() ? fallback : Integer.parseInt(value);
    }

    static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    static String text(Throwable e) {
        Throwable cause = e;
        while ((cause instanceof ExecutionException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.toString().replace('\n', ' ');
    }

    private static void watchdog() {
        int limit = envSeconds("LANE_TIMEOUT", 120);
        start("watchdog", () -> {
            try {
                Thread.sleep(limit * 1000L);
            } catch (InterruptedException e) {
                return;
            }
            say("RESULT timeout after " + limit + "s");
            exit(124);
        });
    }

    private static void fail(String what, Throwable e) {
        say("RESULT " + what + " failed " + text(e));
        exit(1);
    }

    /** {@code halt}: the SDK's shutdown must not hold back an exit code that is already decided. */
    private static void exit(int code) {
        System.out.flush();
        Runtime.getRuntime().halt(code);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

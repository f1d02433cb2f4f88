package io.postern.wsproxy.audit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The reports that wait for the controller, in their order and never more than so many. What comes while it is full is lost
 * to the controller and counted; the count takes the place of the lost ones. Thread-safe; knows no controller.
 */
final class Delivery {
    private final int capacity;
    private final Deque<Report> waiting = new ArrayDeque<>();
    private long lost;
    private long lostInAll;

    Delivery(int capacity) {
        this.capacity = capacity;
    }

    /** @return false when it was lost */
    synchronized boolean offer(Report report) {
        if (lost > 0 || waiting.size() >= capacity) {
            lost++;
            lostInAll++;
            return false;
        }
        waiting.add(report);
        notifyAll();
        return true;
    }

    /** The oldest ones, which stay until they are {@link #delivered}. */
    synchronized List<Report> batch(int most) {
        List<Report> batch = new ArrayList<>(Math.min(most, waiting.size()));
        for (Report report : waiting) {
            if (batch.size() == most) {
                break;
            }
            batch.add(report);
        }
        return batch;
    }

    /** So many of the oldest have arrived. @return how many were lost before what comes next */
    synchronized long delivered(int count) {
        for (int i = 0; i < count; i++) {
            waiting.poll();
        }
        if (waiting.isEmpty()) {
            notifyAll();
        }
        // room for the count itself and for what follows, so that not every second one is lost at the brim
        if (lost > 0 && waiting.size() <= capacity / 2) {
            long told = lost;
            lost = 0;
            return told;
        }
        return 0;
    }

    synchronized void awaitSome(long millis) throws InterruptedException {
        if (waiting.isEmpty()) {
            wait(millis);
        }
    }

    /** @return whether all have been delivered in time */
    synchronized boolean awaitNone(long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        while (!waiting.isEmpty()) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    synchronized int size() {
        return waiting.size();
    }

    synchronized long lostInAll() {
        return lostInAll;
    }
}

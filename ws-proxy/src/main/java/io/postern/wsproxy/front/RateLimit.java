package io.postern.wsproxy.front;

import java.util.LinkedHashMap;
import java.util.Map;

/** A bucket of tokens per address. Addresses that were not seen for longest are forgotten first. Thread-safe. */
final class RateLimit {
    private static final int ADDRESSES = 10_000;

    private final FrontSettings.Rate rate;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(256, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > ADDRESSES;
        }
    };

    private static final class Bucket {
        private double tokens;
        private long nanos;

        Bucket(double tokens, long nanos) {
            this.tokens = tokens;
            this.nanos = nanos;
        }
    }

    RateLimit(FrontSettings.Rate rate) {
        this.rate = rate;
    }

    /** May this address do it once more? */
    synchronized boolean take(String address, long nanos) {
        Bucket bucket = buckets.computeIfAbsent(address, key -> new Bucket(rate.burst(), nanos));
        double earned = (nanos - bucket.nanos) / 1e9 * rate.perSecond();
        bucket.tokens = Math.min(rate.burst(), bucket.tokens + Math.max(0, earned));
        bucket.nanos = nanos;
        if (bucket.tokens < 1) {
            return false;
        }
        bucket.tokens -= 1;
        return true;
    }
}

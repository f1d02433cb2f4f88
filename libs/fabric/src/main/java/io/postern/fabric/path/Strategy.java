package io.postern.fabric.path;

import java.util.List;
import java.util.Optional;

/** How a service picks among its terminators. Source: fabric sheet 4.2. */
public enum Strategy {
    SMARTROUTING,
    WEIGHTED,
    RANDOM,
    STICKY;

    /** A terminator that can be reached, its path, and what both cost under its precedence. */
    record Reachable(Candidate terminator, Path path, long cost) {}

    public static Optional<Strategy> named(String name) {
        return switch (name) {
            case "", "smartrouting" -> Optional.of(SMARTROUTING);
            case "weighted" -> Optional.of(WEIGHTED);
            case "random" -> Optional.of(RANDOM);
            case "sticky" -> Optional.of(STICKY);
            default -> Optional.empty();
        };
    }

    /**
     * Picks one of at least one.
     *
     * @param byCost ascending
     * @param token the terminator the dialer was at before, or empty
     * @param chance uniform in [0, 1)
     */
    Reachable pick(List<Reachable> byCost, String token, double chance) {
        return switch (this) {
            case SMARTROUTING -> byCost.getFirst();
            case WEIGHTED -> weighted(bestBand(byCost), chance);
            case RANDOM -> {
                List<Reachable> band = bestBand(byCost);
                yield band.get(Math.min(band.size() - 1, (int) (chance * band.size())));
            }
            case STICKY -> sticky(byCost, token);
        };
    }

    private static List<Reachable> bestBand(List<Reachable> byCost) {
        Precedence best = byCost.getFirst().terminator().precedence();
        return byCost.stream()
                .filter(each -> each.terminator().precedence() == best)
                .toList();
    }

    /** Weights are inverse to the cost within the band, which is at least one. */
    private static Reachable weighted(List<Reachable> band, double chance) {
        double total = 0;
        for (Reachable each : band) {
            total += 1.0 / costInBand(each);
        }
        double left = chance * total;
        for (Reachable each : band) {
            left -= 1.0 / costInBand(each);
            if (left < 0) {
                return each;
            }
        }
        return band.getLast();
    }

    private static long costInBand(Reachable each) {
        return Math.max(1, each.terminator().cost() + each.path().cost());
    }

    private static Reachable sticky(List<Reachable> byCost, String token) {
        return byCost.stream()
                .filter(each -> each.terminator().terminatorId().equals(token)
                        && each.terminator().precedence() != Precedence.FAILED)
                .findFirst()
                .orElse(byCost.getFirst());
    }
}

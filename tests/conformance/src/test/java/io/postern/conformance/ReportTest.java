package io.postern.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ReportTest {
    private final List<Integer> attempts = new ArrayList<>();

    private static Report report(boolean ci) {
        return new Report(name -> true, Duration.ofMinutes(1), ci);
    }

    private String madeAt(int success, int attempt) {
        attempts.add(attempt);
        if (attempt < success) {
            throw new Failed("not yet");
        }
        return "made";
    }

    @Test
    void aNetworkGetsASecondTryInCiAndIsToldOfAsAFlake() throws Exception {
        Report report = report(true);
        assertEquals("made", report.made("some/network", attempt -> madeAt(2, attempt)));
        assertEquals(List.of(1, 2), attempts);
        assertEquals(List.of("some/network"), report.flakes());
        assertTrue(report.cell("some/cell", () -> ""));
        assertTrue(report.summary());
    }

    @Test
    void aNetworkThatFailsTwiceHasFailed() {
        Report report = report(true);
        assertThrows(Failed.class, () -> report.made("some/network", attempt -> madeAt(3, attempt)));
        assertEquals(List.of(1, 2), attempts);
        assertEquals(List.of(), report.flakes());
    }

    @Test
    void onALaptopThereIsOneTry() {
        Report report = report(false);
        assertThrows(Failed.class, () -> report.made("some/network", attempt -> madeAt(2, attempt)));
        assertFalse(report.cell("some/cell", () -> madeAt(2, 1)));
        assertEquals(List.of(1, 1), attempts);
        assertFalse(report.summary());
    }

    @Test
    void aPortIsGivenOnce() throws Exception {
        Set<Integer> given = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            int port = Programs.freePort();
            assertTrue(given.add(port), () -> port + " twice");
        }
    }
}

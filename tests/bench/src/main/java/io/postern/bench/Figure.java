package io.postern.bench;

import java.util.Locale;

/** One measured number: {@code name<TAB>value<TAB>unit<TAB>goal}, the goal as a comparison or a dash. */
record Figure(String name, double value, String unit, String goal) {
    static void print(String name, double value, String unit, String goal) {
        System.out.println(new Figure(name, value, unit, goal));
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s\t%.3f\t%s\t%s", name, value, unit, goal);
    }
}

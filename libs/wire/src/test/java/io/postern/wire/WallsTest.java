package io.postern.wire;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.postern.testkit.Walls;
import org.junit.jupiter.api.Test;

class WallsTest {
    private static final JavaClasses WIRE = Walls.classesOf("io.postern.wire");

    @Test
    void knowsNoSocketsFilesOrLoggers() {
        Walls.noInputOrOutput().check(WIRE);
    }

    @Test
    void knowsNoTime() {
        Walls.noClockOrChance().check(WIRE);
    }

    @Test
    void hasNamesThatSaySomething() {
        Walls.noEmptyNames().check(WIRE);
    }
}

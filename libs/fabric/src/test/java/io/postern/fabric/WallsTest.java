package io.postern.fabric;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.postern.testkit.Walls;
import org.junit.jupiter.api.Test;

class WallsTest {
    private static final JavaClasses FABRIC = Walls.classesOf("io.postern.fabric");

    @Test
    void decidesWithoutSocketsFilesOrLoggers() {
        Walls.noInputOrOutput().check(FABRIC);
    }

    @Test
    void isGivenTheTime() {
        Walls.noClockOrChance().check(FABRIC);
    }

    @Test
    void hasNamesThatSaySomething() {
        Walls.noEmptyNames().check(FABRIC);
    }
}

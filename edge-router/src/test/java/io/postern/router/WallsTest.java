package io.postern.router;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.postern.testkit.Walls;

/** What no class of the edge router does. */
@AnalyzeClasses(packages = "io.postern.router", importOptions = ImportOption.DoNotIncludeTests.class)
class WallsTest {
    @ArchTest
    static final ArchRule MESSAGES_ARE_READ_BY_THEIR_METHODS = Walls.messagesAreReadByTheirMethods();
}

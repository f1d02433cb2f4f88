package io.postern.controller;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.postern.testkit.Walls;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** A line of code knows its room; these are the controller's walls. */
@AnalyzeClasses(packages = "io.postern.controller", importOptions = ImportOption.DoNotIncludeTests.class)
class WallsTest {
    @ArchTest
    static final ArchRule FEATURES_FORM_NO_CYCLE =
            slices().matching("io.postern.controller.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule ROWS_STAY_IN_THEIR_FEATURE = classes()
            .that()
            .areAnnotatedWith(jakarta.persistence.Entity.class)
            .should()
            .bePackagePrivate()
            .andShould()
            .haveSimpleNameEndingWith("Row");

    @ArchTest
    static final ArchRule HTTP_LIVES_IN_RESOURCES =
            classes().that().areAnnotatedWith(Path.class).should().haveSimpleNameEndingWith("Resource");

    @ArchTest
    static final ArchRule PERSISTENCE_LIVES_IN_ROWS_AND_THE_KERNEL = noClasses()
            .that()
            .haveSimpleNameNotEndingWith("Row")
            .and()
            .resideOutsideOfPackage("io.postern.controller.kernel..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jakarta.persistence..");

    /** A draft without the mark is not looked at. */
    @ArchTest
    static final ArchRule CONSTRAINTS_STAND_IN_DRAFTS_THAT_ARE_CHECKED = fields().that()
            .areAnnotatedWith(DescribedPredicate.describe(
                    "a constraint",
                    annotation -> annotation.getRawType().getPackageName().equals(NotNull.class.getPackageName())))
            .should()
            .beDeclaredInClassesThat()
            .areAnnotatedWith(Valid.class);

    @ArchTest
    static final ArchRule NO_FIELD_INJECTION = fields().should().notBeAnnotatedWith(Inject.class);

    @ArchTest
    static final ArchRule MESSAGES_ARE_READ_BY_THEIR_METHODS = Walls.messagesAreReadByTheirMethods();

    @ArchTest
    static final ArchRule NO_MOCKS = noClasses().should().dependOnClassesThat().resideInAPackage("org.mockito..");

    @ArchTest
    static final ArchRule NAMES_SAY_SOMETHING =
            noClasses().should().haveNameMatching(".*(Manager|Helper|Utils?|Impl|Common|Processor)");

    @Test
    void everyPackageSaysWhatItIsFor() throws IOException {
        java.nio.file.Path sources = java.nio.file.Path.of("src/main/java");
        try (Stream<java.nio.file.Path> files = Files.walk(sources)) {
            List<java.nio.file.Path> bare = files.filter(file -> file.toString().endsWith(".java"))
                    .map(java.nio.file.Path::getParent)
                    .distinct()
                    .filter(folder -> !saysSo(folder.resolve("package-info.java")))
                    .toList();
            Assertions.assertThat(bare).isEmpty();
        }
    }

    private static boolean saysSo(java.nio.file.Path info) {
        try {
            return Files.exists(info)
                    && Files.readString(info).contains("@NullMarked")
                    && Files.readString(info).startsWith("/**");
        } catch (IOException e) {
            return false;
        }
    }
}

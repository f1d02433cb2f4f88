package io.postern.testkit;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;

/** What a room may not know, as rules a room's own test checks against its own classes. */
public final class Walls {
    private Walls() {}

    /** The classes of a package and below, without tests and without generated protobuf. */
    public static JavaClasses classesOf(String packageName) {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("/pb/"))
                .importPackages(packageName);
    }

    /** Pure rooms decide; they do not send, listen or log. Buffers are fine, channels are not. */
    public static ArchRule noInputOrOutput() {
        return noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.netty.channel..",
                        "io.netty.bootstrap..",
                        "io.vertx..",
                        "io.quarkus..",
                        "io.smallrye..",
                        "java.net..",
                        "javax.net..",
                        "java.nio.channels..",
                        "java.nio.file..",
                        "java.sql..",
                        "java.util.logging..",
                        "org.jboss.logging..",
                        "org.slf4j..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.File")
                .as("a pure room has no sockets, files or loggers");
    }

    /** Pure rooms are given the time and their random numbers. */
    public static ArchRule noClockOrChance() {
        return noClasses()
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(LocalDateTime.class, "now")
                .orShould()
                .callMethod(OffsetDateTime.class, "now")
                .orShould()
                .callMethod(ZonedDateTime.class, "now")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callConstructor(java.util.Random.class)
                .orShould()
                .callConstructor(java.security.SecureRandom.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .as("a pure room reads no clock, throws no dice and starts no thread");
    }

    /** By their own methods, not by their fields' names: an executable has nothing for those, and text shows whatever is secret. */
    public static ArchRule messagesAreReadByTheirMethods() {
        return noClasses()
                .should()
                .callMethodWhere(target(owner(assignableTo("com.google.protobuf.MessageOrBuilder")))
                        .and(target(
                                nameMatching("toString|getAllFields|(get|has|set|clear)Field|getDescriptorForType"))))
                .as("messages are neither printed nor looked through");
    }

    /** Every room's names say what a thing is. */
    public static ArchRule noEmptyNames() {
        return noClasses()
                .should()
                .haveNameMatching(".*(Manager|Helper|Utils?|Impl|Base|Common|Info|Processor)")
                .orShould()
                .haveNameMatching(".*\\.Abstract.*")
                .as("names say what a thing is");
    }
}

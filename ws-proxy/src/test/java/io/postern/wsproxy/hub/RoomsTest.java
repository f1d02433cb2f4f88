package io.postern.wsproxy.hub;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.postern.testkit.Walls;
import org.junit.jupiter.api.Test;

/** What engine, hub and recording may not know. */
class RoomsTest {
    private static final String ROOT = "io.postern.wsproxy.";
    private static final JavaClasses ENGINE = Walls.classesOf(ROOT + "engine");
    private static final JavaClasses HUB = Walls.classesOf(ROOT + "hub");
    private static final JavaClasses RECORDING = Walls.classesOf(ROOT + "recording");

    @Test
    void namesSayWhatAThingIs() {
        Walls.noEmptyNames().check(ENGINE);
        Walls.noEmptyNames().check(HUB);
        Walls.noEmptyNames().check(RECORDING);
    }

    @Test
    void engineKnowsNeitherUsersNorConsoles() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        ROOT + "hub..", ROOT + "access..", ROOT + "recording..", ROOT + "front..", "io.vertx.ext..")
                .check(ENGINE);
    }

    @Test
    void hubKnowsNoWebSocketAndAsksNobodyForRights() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        ROOT + "front..", ROOT + "protocol..", ROOT + "audit..", ROOT + "live..", "io.vertx..")
                .check(HUB);
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName(ROOT + "access.Access")
                .check(HUB);
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + "hub..", ROOT + "access..", "io.vertx..")
                .check(RECORDING);
    }

    @Test
    void decisionsArePure() {
        noClasses()
                .that()
                .haveNameMatching(ROOT + "hub.(OutputRing|SizeArbiter|Register).*")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty.channel..", "java.time..", "java.nio..", "org.jboss.logging..")
                .check(HUB);
        noClasses()
                .that()
                .haveNameMatching(ROOT + "engine.(MuxDecoder|BodyDecoder|ResponseHead|DetachKeys).*")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty.channel..", "java.time..", "java.net..", "org.jboss.logging..")
                .check(ENGINE);
    }
}

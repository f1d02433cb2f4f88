package io.postern.nativeimage;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every line of the lists names something that is there; the lists of further modules are read in theirs. */
class KeepListTest {
    private final ClassLoader loader = KeepListTest.class.getClassLoader();
    private final KeepList list = KeepList.read(loader);
    private final ClassNames classes =
            new ClassNames(Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                    .map(Path::of)
                    .toList());

    KeepListTest() throws IOException {}

    @TestFactory
    Stream<DynamicTest> everyLineNamesSomething() {
        return list.lines().stream()
                .map(line -> DynamicTest.dynamicTest(line.toString(), () -> {
                    if (line.verb() == KeepList.Verb.RESOURCE) {
                        assertThat(loader.getResource(line.name())).isNotNull();
                    } else {
                        assertThat(classes.beginning(line.name())).isNotEmpty();
                    }
                }));
    }

    @Test
    void findsTheClassesThatBoringSslCallsBack() {
        List<String> openSsl = classes.beginning("io.netty.handler.ssl.*OpenSsl");

        assertThat(openSsl)
                .contains("io.netty.handler.ssl.OpenSsl", "io.netty.handler.ssl.ReferenceCountedOpenSslEngine")
                .hasSizeGreaterThan(80);
        assertThat(classes.beginning("io.netty.internal.tcnative."))
                .contains("io.netty.internal.tcnative.SSL", "io.netty.internal.tcnative.CertificateVerifier");
    }

    @Test
    void keepsTheConstructorsOfEverySocket() {
        List<String> made = list.names(KeepList.Verb.REFLECT).stream()
                .flatMap(beginning -> classes.beginning(beginning).stream())
                .toList();

        assertThat(made)
                .contains(
                        EpollSocketChannel.class.getName(),
                        EpollServerSocketChannel.class.getName(),
                        EpollDomainSocketChannel.class.getName(),
                        EpollServerDomainSocketChannel.class.getName());
    }

    @Test
    void anExecutableCarriesNothingOfOtherMachines() {
        List<String> resources = list.names(KeepList.Verb.RESOURCE);

        assertThat(resources).anyMatch(name -> name.contains("x86_64")).anyMatch(name -> name.contains("aarch_64"));
        assertThat(resources.stream().filter(name -> KeepList.isOf("amd64", name)))
                .isNotEmpty()
                .noneMatch(name -> name.contains("aarch_64"));
        assertThat(resources.stream().filter(name -> KeepList.isOf("aarch64", name)))
                .isNotEmpty()
                .noneMatch(name -> name.contains("x86_64"));
        assertThat(KeepList.isOf("amd64", "page/index.html")).isTrue();
        assertThat(KeepList.isOf("aarch64", "postgres-linux-arm_64.txz")).isTrue();
        assertThat(KeepList.isOf("amd64", "postgres-linux-arm_64.txz")).isFalse();
    }
}

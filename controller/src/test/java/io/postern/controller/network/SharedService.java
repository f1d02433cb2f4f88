package io.postern.controller.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.postern.wire.ContentType;
import io.postern.wire.Header;
import io.postern.wire.ctrl.CreateCircuit;
import io.postern.wire.edgectrl.pb.CreateTerminatorResult;
import io.postern.wire.edgectrl.pb.CreateTerminatorV2Request;
import io.postern.wire.edgectrl.pb.CreateTerminatorV2Response;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A service, an identity that may dial it, one that may host it, and what routers ask the controller for the two. */
record SharedService(NetworkFixture fixture, String dialer, String host, String id) {
    static SharedService of(NetworkFixture fixture) {
        var shared =
                new SharedService(fixture, fixture.identity(), fixture.identity(), fixture.service("smartrouting"));
        fixture.servicePolicy("Dial", List.of("@" + shared.dialer), List.of("@" + shared.id));
        fixture.servicePolicy("Bind", List.of("@" + shared.host), List.of("@" + shared.id));
        return shared;
    }

    /** Both identities and the service may use these routers. */
    void reachedBy(ScriptedRouter... routers) {
        fixture.routerPolicies(
                List.of("@" + dialer, "@" + host),
                List.of("@" + id),
                Stream.of(routers).map(router -> "@" + router.identity.id()).toList());
    }

    String bindToken() {
        return fixture.serviceToken(host, id, "Bind");
    }

    String dialToken() {
        return fixture.serviceToken(dialer, id, "Dial");
    }

    CreateTerminatorV2Response bind(ScriptedRouter router, String address, String sessionToken) throws Exception {
        return router.ask(
                        ContentType.CREATE_TERMINATOR_V2,
                        CreateTerminatorV2Request.newBuilder()
                                .setAddress(address)
                                .setSessionToken(sessionToken)
                                .setApiSessionToken(fixture.accessToken(host))
                                .putPeerData(Header.PUBLIC_KEY, ByteString.copyFromUtf8("key of the host"))
                                .build())
                .as(CreateTerminatorV2Response.parser());
    }

    /** @return the terminator's address */
    String bound(ScriptedRouter router) throws Exception {
        String address = NetworkFixture.newId();
        assertThat(bind(router, address, bindToken()).getResult()).isEqualTo(CreateTerminatorResult.Success);
        return address;
    }

    CreateCircuit dial(Map<Integer, byte[]> peerData) {
        return dial(dialToken(), peerData);
    }

    CreateCircuit dial(String sessionToken, Map<Integer, byte[]> peerData) {
        return CreateCircuit.v2(sessionToken, fixture.accessToken(dialer), List.of("aa"), "", peerData);
    }
}

package io.postern.router.enroll;

import io.postern.client.Enroller;
import io.postern.client.RouterEnrollment;
import io.postern.router.config.RouterConfig;
import io.postern.router.ctrl.EndpointsFile;
import io.postern.router.ctrl.EndpointsFile.Endpoints;
import io.postern.transport.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

/** Turns a one-time token into this router's identity files. Blocks. Fabric sheet 2.1. */
public final class RouterEnroller {
    private final RouterConfig config;

    public RouterEnroller(RouterConfig config) {
        this.config = config;
    }

    /**
     * @return the router's id
     * @throws io.postern.client.EnrollmentFailed with a message for people
     * @throws IOException when the files cannot be written
     */
    public String enroll(String jwt) throws IOException {
        RouterEnrollment enrollment = new Enroller().enrollRouter(jwt, config.csrNames());
        new IdentityStore(config.identity()).write(enrollment);
        List<Address> controllers =
                enrollment.controllers().stream().map(Address::parse).toList();
        if (config.controllers().isEmpty() && !controllers.isEmpty()) {
            new EndpointsFile(config.endpointsFile()).write(new Endpoints(controllers, Map.of()));
        }
        Files.deleteIfExists(config.modelFile());
        return enrollment.routerId();
    }
}

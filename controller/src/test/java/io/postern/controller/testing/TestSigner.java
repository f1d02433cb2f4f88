package io.postern.controller.testing;

import io.postern.controller.enrollment.EnrollmentSigner;
import io.quarkus.arc.DefaultBean;
import jakarta.inject.Singleton;
import java.time.Instant;

/** Signs nothing: for tests of a controller that has no PKI. */
@Singleton
@DefaultBean
public class TestSigner implements EnrollmentSigner {
    @Override
    public String sign(String method, String subject, String token, Instant expiresAt) {
        return "eyJhbGciOiJub25lIn0." + method + "." + subject;
    }
}

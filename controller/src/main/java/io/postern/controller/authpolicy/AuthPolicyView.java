package io.postern.controller.authpolicy;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.postern.controller.kernel.Base;
import java.util.Map;

/**
 * What a caller reads of an authentication policy.
 *
 * @param primary what is enough to begin an API Session: {@code cert}, {@code extJwt}, {@code updb}
 * @param secondary what is asked for beside it
 */
public record AuthPolicyView(
        @JsonUnwrapped Base base, String name, Map<String, Object> primary, Map<String, Object> secondary) {}

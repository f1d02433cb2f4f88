package io.postern.wsproxy;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.postern.testkit.engine.TestEngine;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the module's one Docker Engine as a parameter of type {@link TestEngine}. Without an engine the tests are
 * skipped with the reason; in CI they fail.
 */
public final class RealEngine implements BeforeAllCallback, ParameterResolver {
    @Override
    public void beforeAll(ExtensionContext context) {
        Optional<String> missing = TestEngine.missing();
        if ("true".equals(System.getenv("CI"))) {
            missing.ifPresent(reason -> {
                throw new IllegalStateException(reason);
            });
        }
        assumeTrue(missing.isEmpty(), missing.orElse(""));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestEngine.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return TestEngine.shared();
    }
}

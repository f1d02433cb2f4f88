package io.postern.controller.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.controller.ControllerTest;
import io.quarkus.hibernate.orm.runtime.JPAConfig;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.PropertyAccessException;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.metamodel.mapping.PropertyBasedMapping;
import org.hibernate.property.access.spi.PropertyAccess;
import org.hibernate.property.access.spi.PropertyAccessBuildingException;
import org.junit.jupiter.api.Test;

@ControllerTest
class FieldAccessTest {
    @Inject
    JPAConfig hibernate;

    @Test
    void hibernateAccessesEveryRowByIt() {
        List<PropertyAccess> all = new ArrayList<>();
        hibernate
                .getEntityManagerFactories()
                .getFirst()
                .getItem2()
                .unwrap(SessionFactoryImplementor.class)
                .getMappingMetamodel()
                .forEachEntityDescriptor(row -> {
                    all.add(((PropertyBasedMapping) row.getIdentifierMapping()).getPropertyAccess());
                    row.forEachAttributeMapping(column -> all.add(column.getPropertyAccess()));
                });

        assertThat(all)
                .hasSizeGreaterThan(100)
                .allSatisfy(
                        access -> assertThat(access.getPropertyAccessStrategy()).isInstanceOf(FieldAccess.class));
    }

    @Test
    void fieldsOfWhatARowExtendsAreItsOwn() {
        Small small = new Small();
        PropertyAccess access = access("name");

        access.getSetter().set(small, "told");

        assertThat(small.name).isEqualTo("told");
        assertThat(access.getGetter().get(small)).isEqualTo("told");
        assertThat(access.getGetter().getReturnTypeClass()).isEqualTo(String.class);
    }

    @Test
    void whatAFieldDoesNotTakeIsToldByTheFieldsNameAlone() {
        assertThatThrownBy(() -> access("count").getSetter().set(new Small(), null))
                .isInstanceOf(PropertyAccessException.class)
                .hasMessageContaining("Small.count");
        assertThatThrownBy(() -> access("count").getSetter().set(new Small(), "a-secret"))
                .isInstanceOf(PropertyAccessException.class)
                .hasMessageContaining("Small.count")
                .hasMessageNotContaining("a-secret");
    }

    @Test
    void aRowWithoutTheFieldIsRefused() {
        assertThatThrownBy(() -> access("nothing"))
                .isInstanceOf(PropertyAccessBuildingException.class)
                .hasMessageContaining("Small has no field nothing");
    }

    private static PropertyAccess access(String field) {
        return new FieldAccess().buildPropertyAccess(Small.class, field, true);
    }

    private static class Named {
        String name = "";
    }

    private static final class Small extends Named {
        int count;
    }
}

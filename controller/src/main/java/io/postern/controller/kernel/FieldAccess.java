package io.postern.controller.kernel;

import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Map;
import org.hibernate.PropertyAccessException;
import org.hibernate.boot.Metadata;
import org.hibernate.boot.spi.BootstrapContext;
import org.hibernate.bytecode.enhance.spi.interceptor.BytecodeLazyAttributeInterceptor;
import org.hibernate.engine.spi.PersistentAttributeInterceptable;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.integrator.spi.Integrator;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Property;
import org.hibernate.property.access.spi.Getter;
import org.hibernate.property.access.spi.PropertyAccess;
import org.hibernate.property.access.spi.PropertyAccessBuildingException;
import org.hibernate.property.access.spi.PropertyAccessStrategy;
import org.hibernate.property.access.spi.Setter;
import org.jspecify.annotations.Nullable;

/**
 * Rows are read and written by their fields. Hibernate does that by itself, and looks for a getter and a setter of each field besides,
 * among copies of all methods of the class: the better part of the time and of the memory that its start takes. Rows have neither.
 */
public final class FieldAccess implements Integrator, PropertyAccessStrategy {
    /** How Hibernate names access by fields. */
    private static final String BY_FIELD = "field";

    @Override
    public void integrate(Metadata metadata, BootstrapContext context, SessionFactoryImplementor factory) {
        for (PersistentClass row : metadata.getEntityBindings()) {
            use(row.getIdentifierProperty());
            row.getPropertyClosure().forEach(this::use);
        }
    }

    private void use(@Nullable Property property) {
        if (property != null && BY_FIELD.equals(property.getPropertyAccessorName())) {
            property.setPropertyAccessStrategy(this);
        }
    }

    @Override
    public PropertyAccess buildPropertyAccess(Class<?> row, String name, boolean setterRequired) {
        for (Class<?> declaring = row; declaring != null; declaring = declaring.getSuperclass()) {
            try {
                Field field = declaring.getDeclaredField(name);
                field.setAccessible(true);
                return new Access(this, row, field);
            } catch (NoSuchFieldException e) {
                // a field of what the row extends
            }
        }
        throw new PropertyAccessBuildingException(row.getName() + " has no field " + name);
    }

    private record Access(FieldAccess strategy, Class<?> row, Field field) implements PropertyAccess, Getter, Setter {
        @Override
        public PropertyAccessStrategy getPropertyAccessStrategy() {
            return strategy;
        }

        @Override
        public Getter getGetter() {
            return this;
        }

        @Override
        public Setter getSetter() {
            return this;
        }

        @Override
        public @Nullable Object get(Object owner) {
            try {
                return field.get(owner);
            } catch (IllegalAccessException | RuntimeException e) {
                throw new PropertyAccessException(e, "cannot be read", false, row, field.getName());
            }
        }

        @Override
        public @Nullable Object getForInsert(
                Object owner, Map<Object, Object> merged, SharedSessionContractImplementor session) {
            return get(owner);
        }

        @Override
        public void set(Object target, @Nullable Object value) {
            try {
                field.set(target, value);
            } catch (IllegalAccessException | RuntimeException e) {
                throw new PropertyAccessException(e, "takes no such value", true, row, field.getName());
            }
            // a row that is loaded when it is first read must not be loaded over what is set here
            if (target instanceof PersistentAttributeInterceptable enhanced
                    && enhanced.$$_hibernate_getInterceptor() instanceof BytecodeLazyAttributeInterceptor lazy) {
                lazy.attributeInitialized(field.getName());
            }
        }

        @Override
        public Class<?> getReturnTypeClass() {
            return field.getType();
        }

        @Override
        public Type getReturnType() {
            return field.getGenericType();
        }

        @Override
        public Member getMember() {
            return field;
        }

        @Override
        public @Nullable String getMethodName() {
            return null;
        }

        @Override
        public @Nullable Method getMethod() {
            return null;
        }
    }
}

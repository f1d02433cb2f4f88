package io.postern.controller.kernel;

import io.postern.api.filter.ListQuery;
import java.util.ArrayList;
import java.util.List;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** How a caller asks for a list (SDK sheet 2.4). */
public class ListParameters {
    @RestQuery
    public @Nullable String filter;

    @RestQuery
    public @Nullable String sort;

    @RestQuery
    public @Nullable String limit;

    @RestQuery
    public @Nullable String offset;

    @RestQuery
    public @Nullable List<String> roleFilter;

    @RestQuery
    public @Nullable String roleSemantic;

    public ListQuery query() {
        return ListQuery.of(filter, sort, limit, offset);
    }

    /** Only entities that these roles cover; for kinds that carry role attributes. */
    Scope scope() {
        if (roleFilter == null || roleFilter.isEmpty()) {
            return Scope.ALL;
        }
        String semantic = "AnyOf".equalsIgnoreCase(roleSemantic) ? "AnyOf" : "AllOf";
        var roles = new ArrayList<Object>(roleFilter);
        String array = "array[" + "?, ".repeat(roles.size() - 1) + "?]";
        roles.add(semantic);
        return new Scope("role_matches(cast(" + array + " as text[]), ?, e.id, e.role_attributes)", roles);
    }
}

package io.postern.controller.kernel;

import io.postern.api.filter.ListQuery;
import java.util.ArrayList;
import java.util.Arrays;
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

    /** Whose permissions a list of services shows. */
    @RestQuery
    public @Nullable String asIdentity;

    /** Names or ids, each parameter one or several with commas; {@code all} for every type. */
    @RestQuery
    public @Nullable List<String> configTypes;

    public ListQuery query() {
        return ListQuery.of(filter, sort, limit, offset);
    }

    /** The config types asked for, one by one. */
    public List<String> configTypes() {
        List<String> given = configTypes;
        return given == null
                ? List.of()
                : given.stream()
                        .flatMap(each -> Arrays.stream(each.split(",")))
                        .map(String::strip)
                        .filter(each -> !each.isEmpty())
                        .toList();
    }

    /** Only entities that these roles cover; for kinds that carry role attributes, others pass over the parameter as stock does. */
    public Scope scope() {
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

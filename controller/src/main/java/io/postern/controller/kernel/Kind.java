package io.postern.controller.kernel;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * All that the kernel must be told about one entity.
 *
 * @param name one entity, as changes and refusals name it, for example {@code servicePolicy}
 * @param collection the URL's word, for example {@code service-policies}
 * @param table the table's name
 * @param fields what filters may use, beside the base fields
 * @param kept fields that are set once: a PUT that leaves them out keeps them
 * @param sublists the links beside self
 * @param <E> the stored row
 * @param <D> the draft: every field a caller may write, and none other
 */
public record Kind<E extends Stored, D>(
        String name,
        String collection,
        String table,
        Class<E> row,
        Class<D> draft,
        Supplier<E> blank,
        BiConsumer<E, D> write,
        Function<E, D> toDraft,
        Map<String, Field> fields,
        Set<String> kept,
        List<String> sublists) {
    public Kind {
        Map<String, Field> all = new LinkedHashMap<>();
        all.put("id", Field.text("id"));
        all.put("createdAt", Field.time("created_at"));
        all.put("updatedAt", Field.time("updated_at"));
        all.put("tags", new Field("e.tags", Field.Type.JSON));
        all.put("isSystem", Field.bool("is_system"));
        all.putAll(fields);
        fields = Map.copyOf(all);
    }

    /** Whether entities carry role attributes, by which lists may be narrowed. */
    boolean hasRoleAttributes() {
        return fields.containsKey("roleAttributes");
    }

    public Base base(E entity) {
        return entity.base(collection, sublists);
    }
}

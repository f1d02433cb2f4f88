package io.postern.controller.kernel;

import io.postern.api.ListEnvelope;
import io.postern.api.filter.ListQuery;
import io.smallrye.mutiny.Uni;

/** The lists below one entity: who knows all kinds answers, the kernel only asks. */
public interface Sublists {
    /** @throws io.postern.api.Refusal {@code NOT_FOUND} when there is no such list or no such entity */
    Uni<? extends ListEnvelope<?>> list(String collection, String id, String name, ListQuery query);
}

package io.postern.controller.console;

import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.postern.controller.kernel.CrudService;
import io.postern.controller.kernel.Found;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.kernel.NoDraft;
import io.postern.controller.kernel.Work;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;

/** What happened at consoles, for administrators to read. Nobody changes or removes it; time does. */
@Singleton
public class ConsoleEvents extends CrudService<ConsoleEventRow, NoDraft, ConsoleEventView> {
    ConsoleEvents(Kernel kernel) {
        super(ConsoleEventRow.KIND, kernel);
    }

    @Override
    protected ConsoleEventView view(Found<ConsoleEventRow> found) {
        return found.row().view();
    }

    @Override
    protected Uni<Void> removing(Work work, ConsoleEventRow row) {
        throw Refusal.of(ErrorCode.ENTITY_CAN_NOT_BE_DELETED, "what happened is kept");
    }
}

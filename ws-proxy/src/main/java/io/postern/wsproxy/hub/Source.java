package io.postern.wsproxy.hub;

import io.netty.channel.EventLoop;
import io.postern.wsproxy.engine.ContainerFacts;
import io.postern.wsproxy.engine.Engines;
import io.postern.wsproxy.engine.ExecId;
import io.postern.wsproxy.engine.ExecSpec;
import io.postern.wsproxy.engine.Tunnel;
import java.util.concurrent.CompletionStage;

/** Where a console's bytes come from. */
sealed interface Source {
    boolean tty();

    CompletionStage<Tunnel> open(Engines engines, EventLoop loop);

    CompletionStage<Void> resize(Engines engines, Size size);

    /** The container's main process. */
    record Main(ContainerFacts container) implements Source {
        @Override
        public boolean tty() {
            return container.tty();
        }

        @Override
        public CompletionStage<Tunnel> open(Engines engines, EventLoop loop) {
            return engines.attach(container, loop);
        }

        @Override
        public CompletionStage<Void> resize(Engines engines, Size size) {
            return engines.resizeContainer(container, size.columns(), size.rows());
        }
    }

    /** A command of one client. */
    record Command(ContainerFacts container, ExecId exec, ExecSpec spec) implements Source {
        @Override
        public boolean tty() {
            return spec.tty();
        }

        @Override
        public CompletionStage<Tunnel> open(Engines engines, EventLoop loop) {
            return engines.startExec(container.host(), exec, spec, loop);
        }

        @Override
        public CompletionStage<Void> resize(Engines engines, Size size) {
            return engines.resizeExec(container.host(), exec, size.columns(), size.rows());
        }
    }
}

package io.postern.controller.hosting;

import io.netty.buffer.ByteBufInputStream;
import io.postern.controller.channel.ControlFeature;
import io.postern.controller.channel.ControlHandlers;
import io.postern.controller.channel.RouterConnection;
import io.postern.controller.network.NetworkLoop;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.ctrl.pb.RouterTerminatorState;
import io.postern.wire.ctrl.pb.Terminator;
import io.postern.wire.ctrl.pb.ValidateTerminatorsV2Request;
import io.postern.wire.ctrl.pb.ValidateTerminatorsV2Response;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Asks a router that connects which of its terminators are real, and removes the others. A marker tells a terminator from
 * one that was made again with the same id since. On the network loop. Source: fabric sheet 4.5, samples 08.
 */
@Singleton
public class TerminatorChecks implements ControlFeature {
    private static final Logger LOG = Logger.getLogger(TerminatorChecks.class);
    /** Time for hosts to bind again before their terminators are asked after. */
    private static final Duration SETTLE = Duration.ofSeconds(5);

    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final int BATCH = 100;

    private final Terminators terminators;
    private final NetworkLoop network;

    TerminatorChecks(Terminators terminators, NetworkLoop network) {
        this.terminators = terminators;
        this.network = network;
    }

    @Override
    public void register(ControlHandlers handlers) {
        // answers are replies and reach whoever asked; one that came too late is of no use
        handlers.onFrame(ContentType.VALIDATE_TERMINATORS_V2_RESPONSE, frame -> "", late -> {});
    }

    @Override
    public void connected(RouterConnection router) {
        network.after(SETTLE, () -> {
            List<LiveTerminator> all = terminators.on(router.routerId());
            for (int from = 0; from < all.size() && router.channel().isOpen(); from += BATCH) {
                check(router, all.subList(from, Math.min(all.size(), from + BATCH)));
            }
        });
    }

    private void check(RouterConnection router, List<LiveTerminator> batch) {
        ValidateTerminatorsV2Request.Builder request =
                ValidateTerminatorsV2Request.newBuilder().setFixInvalid(true).setPostCreate(true);
        batch.forEach(each -> request.addTerminators(Terminator.newBuilder()
                .setId(each.terminatorId())
                .setBinding(each.binding())
                .setAddress(each.address())
                .setMarker(each.marker())));
        router.request(
                        FrameBuilder.of(ContentType.VALIDATE_TERMINATORS_V2)
                                .body(request.build().toByteArray()),
                        ANSWER)
                .thenAccept(frame -> read(router, frame))
                .exceptionally(failure -> {
                    LOG.infof("terminator.check.unanswered %s: %s", router, failure.getMessage());
                    return null;
                });
    }

    private void read(RouterConnection router, Frame frame) {
        try (ByteBufInputStream in = new ByteBufInputStream(frame.body())) {
            Map<String, RouterTerminatorState> states =
                    ValidateTerminatorsV2Response.parseFrom(in).getStatesMap();
            network.run(() -> removeInvalid(router, states));
        } catch (IOException e) {
            LOG.warnf("terminator.check.malformed %s", router);
        } finally {
            frame.release();
        }
    }

    private void removeInvalid(RouterConnection router, Map<String, RouterTerminatorState> states) {
        List<LiveTerminator> invalid = new ArrayList<>();
        states.forEach((id, state) -> {
            Optional<LiveTerminator> known = terminators
                    .find(id)
                    .filter(each -> each.routerId().equals(router.routerId()) && each.marker() == state.getMarker());
            if (!state.getValid()) {
                known.ifPresent(invalid::add);
            }
        });
        terminators.remove(invalid, "its edge router does not know it");
    }
}

package io.postern.controller.front;

import io.postern.controller.channel.ControlChannels;
import io.postern.transport.ChannelServer;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Gives connections of the control protocol to the control channels. */
@Singleton
public class ControlFront {
    void start(@Observes StartupEvent event, Handover handover, ControlChannels channels) {
        handover.control(connection -> ChannelServer.adopt(connection, channels));
    }
}

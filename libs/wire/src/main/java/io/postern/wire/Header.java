package io.postern.wire;

/** Header ids. A value's encoding stands at its setter in {@link FrameBuilder}. SDK sheet 4.4, 5.2; fabric sheet 0.2, 1, 5.1. */
public final class Header {
    private Header() {}

    // Reserved for the channel itself, 0-127.
    public static final int CONNECTION_ID = 0;
    public static final int REPLY_FOR = 1;
    public static final int RESULT_SUCCESS = 2;
    public static final int HELLO_ROUTER_ADVERTISEMENTS = 3;
    public static final int HELLO_VERSION = 4;
    public static final int HEARTBEAT = 5;
    public static final int HEARTBEAT_RESPONSE = 6;
    public static final int TYPE = 7;
    public static final int ID = 8;
    public static final int IS_GROUPED = 9;
    public static final int GROUP_SECRET = 10;
    public static final int IS_FIRST_GROUP_CONNECTION = 11;
    public static final int HELLO_REJECT_CLASS = 13;
    /** Copied from a request into its reply: latency stamp, message UUID. */
    public static final int REFLECTED = 128;

    /** Where a heartbeat header goes once it was read: nobody looks at it, so a frame sent on carries none. */
    public static final int SPENT = 3990;

    // Edge, 1000-1099.
    public static final int CONN_ID = 1000;
    public static final int SEQ = 1001;
    public static final int SESSION_TOKEN = 1002;
    public static final int PUBLIC_KEY = 1003;
    public static final int COST = 1004;
    public static final int PRECEDENCE = 1005;
    public static final int TERMINATOR_IDENTITY = 1006;
    public static final int TERMINATOR_IDENTITY_SECRET = 1007;
    public static final int CALLER_ID = 1008;
    public static final int CRYPTO_METHOD = 1009;
    public static final int FLAGS = 1010;
    public static final int APP_DATA = 1011;
    public static final int ROUTER_PROVIDED_CONN_ID = 1012;
    public static final int HEALTH_STATUS = 1013;
    public static final int ERROR_CODE = 1014;
    public static final int TIMESTAMP = 1015;
    public static final int TRACE_HOP_COUNT = 1016;
    public static final int TRACE_HOP_TYPE = 1017;
    public static final int TRACE_HOP_ID = 1018;
    public static final int TRACE_SOURCE_REQUEST_ID = 1019;
    public static final int TRACE_ERROR = 1020;
    public static final int LISTENER_ID = 1021;
    public static final int CONN_TYPE = 1022;
    public static final int SUPPORTS_INSPECT = 1023;
    public static final int SUPPORTS_BIND_SUCCESS = 1024;
    public static final int CONNECTION_MARKER = 1025;
    public static final int CIRCUIT_ID = 1026;
    public static final int STICKINESS_TOKEN = 1027;
    public static final int USE_XGRESS_TO_SDK = 1028;
    public static final int XGRESS_CTRL_ID = 1029;
    public static final int XGRESS_ADDRESS = 1030;
    public static final int INSPECT_REQUESTED_VALUES = 1031;
    public static final int SUPPORTS_POSTURE_CHECKS = 1032;
    public static final int STRUCTURED_ERROR = 1033;
    public static final int DIALER_IDENTITY_ID = 1034;
    public static final int DIALER_IDENTITY_NAME = 1035;
    public static final int SERVICE_ID = 1036;
    public static final int SERVICE_IDENTIFIER_TYPE = 1037;
    public static final int CONNECT_REQUEST_ID = 1038;
    public static final int ROUTER_CAPABILITIES = 1039;

    // Control channel hello; they share numbers with the edge range.
    public static final int CTRL_LISTENERS = 1000;
    public static final int CTRL_CAPABILITIES = 1002;
    public static final int CTRL_CHAN_LISTENERS = 1003;

    // Router data model and edge hello on the control channel.
    public static final int EDGE_HELLO = 1024;
    public static final int DATA_MODEL_INDEX = 1025;
    public static final int DATA_MODEL_SUBSCRIPTION_ID = 1026;

    // Header-only circuit messages on the control channel (fabric sheet 1.6).
    public static final int CIRCUIT_PEER_DATA = 10;
    public static final int CIRCUIT_SESSION_TOKEN = 11;
    public static final int CIRCUIT_RESPONSE_ID = 11;
    public static final int CIRCUIT_FINGERPRINTS = 12;
    public static final int CIRCUIT_RESPONSE_ADDRESS = 12;
    public static final int CIRCUIT_TERMINATOR_INSTANCE_ID = 13;
    public static final int CIRCUIT_RESPONSE_TAGS = 13;
    public static final int CIRCUIT_API_SESSION_TOKEN = 14;
    public static final int CIRCUIT_IDENTITY_ID = 15;
    public static final int CIRCUIT_SERVICE_ID = 16;
    public static final int CIRCUIT_PROPOSED_ID = 17;
    public static final int ERROR_RETRY_HINT = 18;

    // Control plane results, 1100-1199.
    public static final int CTRL_ADDRESS = 1100;
    public static final int ROUTE_ATTEMPT = 1101;
    public static final int ROUTE_SUCCESS = 1102;
    public static final int ROUTE_ERROR = 1103;
    public static final int ROUTE_ERROR_CODE = 1104;
    public static final int TERMINATOR_LOCAL_ADDRESS = 1110;
    public static final int TERMINATOR_REMOTE_ADDRESS = 1111;
    public static final int INITIATOR_LOCAL_ADDRESS = 1112;
    public static final int INITIATOR_REMOTE_ADDRESS = 1113;
    public static final int TERMINATOR_STICKINESS_TOKEN = 1114;
    public static final int PEER_DIALER_IDENTITY_ID = 1115;
    public static final int PEER_DIALER_IDENTITY_NAME = 1116;

    // Link hello; valid inside it only, they reuse the reserved numbers (fabric sheet 3.3).
    public static final int LINK_CONNECTION_ID = 0;
    public static final int LINK_TYPE = 1;
    public static final int LINK_ROUTER_ID = 2;
    public static final int LINK_ROUTER_VERSION = 3;
    public static final int LINK_BINDING = 4;
    public static final int LINK_ITERATION = 5;
    public static final int LINK_DIALED_ROUTER_ID = 6;
    public static final int LINK_ID = 100;

    // Xgress, 2000-2500. Payload header k (0-255) travels as XGRESS_PAYLOAD_HEADERS + k.
    public static final int XGRESS_PAYLOAD_HEADERS = 2000;
    public static final int XGRESS_CIRCUIT_ID = 2256;
    public static final int XGRESS_SEQUENCE = 2257;
    public static final int XGRESS_FLAGS = 2258;
    public static final int XGRESS_RECV_BUFFER_SIZE = 2259;
    public static final int XGRESS_RTT = 2260;

    // Our own, 3000-3999; peers that do not know them pass them over (fabric sheet 11.4).
    /** Hello of a router: the id of the controller that is to answer, where one address stands for several. */
    public static final int CTRL_WANTED_ID = 3000;
    /** Refusal of a controller that does not see the whole network: another one may know more. */
    public static final int ASK_ANOTHER = 3001;
}

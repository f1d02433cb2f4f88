package io.postern.wire;

/** Content types of every family. SDK sheet 4.4, 5.1; fabric sheet 1.2, 1.3, 3.5. */
public final class ContentType {
    private ContentType() {}

    // Channel
    public static final int HELLO = 0;
    public static final int PING = 1;
    public static final int RESULT = 2;
    public static final int LATENCY = 3;
    public static final int LATENCY_RESPONSE = 4;
    public static final int HEARTBEAT = 5;

    // Control channel, fabric part
    public static final int CIRCUIT_REQUEST = 1000;
    public static final int CIRCUIT_SUCCESS = 1001;
    public static final int FAULT = 1004;
    public static final int ROUTE = 1005;
    public static final int UNROUTE = 1006;
    public static final int METRICS = 1007;
    public static final int TOGGLE_PIPE_TRACES = 1008;
    public static final int TRACE_EVENT = 1010;
    public static final int CREATE_TERMINATOR = 1011;
    public static final int REMOVE_TERMINATOR = 1012;
    public static final int INSPECT_REQUEST = 1013;
    public static final int INSPECT_RESPONSE = 1014;
    public static final int CIRCUIT_FAILED = 1016;
    public static final int VALIDATE_TERMINATORS = 1017;
    public static final int UPDATE_TERMINATOR = 1018;
    public static final int SETTINGS = 1020;
    public static final int ROUTE_RESULT = 1022;
    public static final int CIRCUIT_CONFIRMATION = 1034;
    public static final int ROUTER_LINKS = 1035;
    public static final int VERIFY_ROUTER = 1036;
    public static final int UPDATE_CTRL_ADDRESSES = 1037;
    public static final int REMOVE_TERMINATORS = 1038;
    public static final int QUIESCE = 1039;
    public static final int DEQUIESCE = 1040;
    public static final int VALIDATE_TERMINATORS_V2 = 1041;
    public static final int VALIDATE_TERMINATORS_V2_RESPONSE = 1042;
    public static final int DECOMMISSION = 1043;
    public static final int PEER_STATE_CHANGE = 1050;
    public static final int UPDATE_CLUSTER_LEADER = 1051;
    public static final int UPDATE_ROUTER_INTERFACES = 1052;
    public static final int LINK_STATE = 1053;
    public static final int ALERTS = 1054;
    public static final int REQUEST_CLUSTER_MEMBERS = 1055;
    public static final int UPDATE_LINK_LISTENERS = 1056;

    // Xgress, on links and on SDK channels
    public static final int XG_PAYLOAD = 1100;
    public static final int XG_ACKNOWLEDGEMENT = 1101;
    public static final int XG_CONTROL = 1102;
    public static final int XG_CLOSE = 1103;

    // Control channel, edge part
    public static final int SERVER_HELLO = 20000;
    public static final int CLIENT_HELLO = 20001;
    public static final int ERROR = 20002;
    public static final int SESSION_REMOVED = 20102;
    public static final int API_SESSION_ADDED = 20200;
    public static final int API_SESSION_UPDATED = 20201;
    public static final int API_SESSION_REMOVED = 20202;
    public static final int API_SESSION_HEARTBEAT = 20203;
    public static final int REQUEST_CLIENT_RESYNC = 20204;
    public static final int UPDATE_EDGE_TERMINATOR = 20209;
    public static final int UPDATE_EDGE_TERMINATOR_RESPONSE = 20210;
    public static final int REMOVE_EDGE_TERMINATOR = 20211;
    public static final int REMOVE_EDGE_TERMINATOR_RESPONSE = 20212;
    public static final int VALIDATE_SESSIONS = 20213;
    public static final int HEALTH_EVENT_REQUEST = 20214;
    public static final int CREATE_TERMINATOR_V2 = 20216;
    public static final int CREATE_TERMINATOR_V2_RESPONSE = 20217;
    public static final int CREATE_CIRCUIT_V2 = 20218;
    public static final int CREATE_CIRCUIT_V2_RESPONSE = 20219;
    public static final int CREATE_TUNNEL_CIRCUIT_V2 = 20220;
    public static final int CREATE_TUNNEL_CIRCUIT_V2_RESPONSE = 20221;
    public static final int CREATE_CIRCUIT_V3 = 20222;
    public static final int CREATE_CIRCUIT_V3_RESPONSE = 20223;
    public static final int ENROLLMENT_CERTS_RESPONSE = 20301;
    public static final int ENROLLMENT_EXTEND_ROUTER = 20302;
    public static final int ENROLLMENT_EXTEND_ROUTER_VERIFY = 20303;
    public static final int UPDATE_TUNNEL_TERMINATOR = 20408;
    public static final int UPDATE_TUNNEL_TERMINATOR_RESPONSE = 20409;
    public static final int REMOVE_TUNNEL_TERMINATOR = 20410;
    public static final int REMOVE_TUNNEL_TERMINATOR_RESPONSE = 20411;
    public static final int TUNNEL_HEALTH_EVENT = 20412;
    public static final int CREATE_TUNNEL_TERMINATOR_V2 = 20413;
    public static final int CREATE_TUNNEL_TERMINATOR_V2_RESPONSE = 20414;
    public static final int CONNECT_EVENTS = 20415;
    public static final int DATA_STATE = 20500;
    public static final int DATA_STATE_CHANGE_SET = 20501;
    public static final int VALIDATE_DATA_STATE = 20503;
    public static final int VALIDATE_DATA_STATE_RESPONSE = 20504;
    public static final int SUBSCRIBE_TO_DATA_MODEL = 20505;
    public static final int CURRENT_INDEX = 20506;

    // SDK channel
    public static final int CONNECT = 60783;
    public static final int STATE_CONNECTED = 60784;
    public static final int STATE_CLOSED = 60785;
    public static final int DATA = 60786;
    public static final int DIAL = 60787;
    public static final int DIAL_SUCCESS = 60788;
    public static final int DIAL_FAILED = 60789;
    public static final int BIND = 60790;
    public static final int UNBIND = 60791;
    public static final int STATE_SESSION_ENDED = 60792;
    public static final int PROBE = 60793;
    public static final int UPDATE_BIND = 60794;
    public static final int HEALTH_EVENT = 60795;
    public static final int TRACE_ROUTE = 60796;
    public static final int TRACE_ROUTE_RESPONSE = 60797;
    public static final int CONN_INSPECT_REQUEST = 60798;
    public static final int CONN_INSPECT_RESPONSE = 60799;
    public static final int BIND_SUCCESS = 60800;
    public static final int UPDATE_TOKEN_SUCCESS = 60801;
    public static final int UPDATE_TOKEN_FAILURE = 60802;
    public static final int UPDATE_TOKEN = 60803;
    public static final int SDK_INSPECT_REQUEST = 60804;
    public static final int SDK_INSPECT_RESPONSE = 60805;
    public static final int CONNECT_V2 = 60806;
    public static final int ROUTE_CIRCUIT = 60807;
    public static final int POSTURE_RESPONSE = 10800;
    public static final int SUBSCRIBE_TO_SERVICE_UPDATES = 10900;
    public static final int UNSUBSCRIBE_FROM_SERVICE_UPDATES = 10901;
    public static final int RESYNC_POSTURE_STATE = 10902;
    public static final int SERVICE_CHANGE_SET = 10903;
    public static final int POSTURE_STATE_CHANGE = 10904;
    public static final int SERVICE_POSTURE_STATE_REQUEST = 108001;
    public static final int SERVICE_POSTURE_STATE_RESPONSE = 108002;
}

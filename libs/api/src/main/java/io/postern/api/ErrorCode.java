package io.postern.api;

/**
 * What can go wrong with a request, as a caller's program reads it (SDK sheet 2.3). The name is the wire's word; the
 * number is ours, for logs and metrics, and never reused.
 */
public enum ErrorCode {
    NOT_FOUND(1, 404, Owner.CALLER, "There is no such resource, or it is no longer there"),
    UNHANDLED(2, 500, Owner.US, "The controller failed to handle the request"),
    INVALID_FIELD(3, 400, Owner.CALLER, "A field holds a value that is not valid"),
    COULD_NOT_VALIDATE(4, 400, Owner.CALLER, "The request is not valid, see cause"),
    COULD_NOT_PARSE_BODY(5, 400, Owner.CALLER, "The body of the request cannot be read, see cause"),
    INVALID_FILTER(6, 400, Owner.CALLER, "The filter is not valid, see cause"),
    INVALID_PAGINATION(7, 400, Owner.CALLER, "The limit or the offset is not valid, see cause"),
    INVALID_SORT_IDENTIFIER(8, 400, Owner.CALLER, "The sort order is not valid, see cause"),
    INVALID_CONTENT_TYPE(9, 400, Owner.CALLER, "The content type is not valid"),
    INVALID_UUID(10, 400, Owner.CALLER, "The value is not a UUID"),
    ENTITY_CAN_NOT_BE_DELETED(11, 400, Owner.CALLER, "This resource cannot be deleted"),
    ENTITY_CAN_NOT_BE_UPDATED(12, 400, Owner.CALLER, "This resource cannot be changed"),
    CAN_NOT_DELETE_REFERENCED_ENTITY(13, 409, Owner.CALLER, "The resource is in use by another one, see cause"),
    METHOD_NOT_ALLOWED(14, 405, Owner.CALLER, "The resource does not know this HTTP method"),
    NOT_ACCEPTABLE(15, 406, Owner.CALLER, "The resource is served as JSON only", "COULD_NOT_VALIDATE"),
    UNSUPPORTED_MEDIA_TYPE(16, 415, Owner.CALLER, "The resource reads JSON only", "COULD_NOT_VALIDATE"),
    REQUEST_ENTITY_TOO_LARGE(17, 413, Owner.CALLER, "The body of the request is too large"),
    RATE_LIMITED(18, 429, Owner.CALLER, "Too many requests, try again later"),
    SERVER_TOO_MANY_REQUESTS(19, 429, Owner.OPERATOR, "The controller is busy, try again later"),
    TIMEOUT(20, 503, Owner.OPERATOR, "The operation took too long"),
    CLUSTER_NO_LEADER(21, 503, Owner.OPERATOR, "The controller cannot write now"),
    FORBIDDEN(22, 403, Owner.OPERATOR, "The identity may not do this"),
    UNAUTHORIZED(40, 401, Owner.CALLER, "The API Session is not valid or may not do this"),
    INVALID_AUTH(41, 401, Owner.CALLER, "The authentication failed"),
    INVALID_AUTH_METHOD(42, 400, Owner.CALLER, "The authentication method is not known"),
    INVALID_AUTHENTICATION(43, 401, Owner.CALLER, "The authentication is not valid"),
    REQUIRES_CERT_AUTH(44, 401, Owner.CALLER, "A client certificate is needed"),
    INVALID_POSTURE(45, 409, Owner.CALLER, "A posture check does not pass"),
    MFA_INVALID_TOKEN(46, 400, Owner.CALLER, "The MFA code is not valid"),
    MFA_EXISTS(47, 409, Owner.CALLER, "MFA is enrolled already"),
    MFA_NOT_ENROLLED(48, 409, Owner.CALLER, "MFA is not enrolled"),
    NO_EDGE_ROUTERS_AVAILABLE(49, 400, Owner.OPERATOR, "No edge router is available for this identity and service"),
    MAX_AUTHENTICATOR_METHODS_REACHED(
            50, 409, Owner.CALLER, "The identity has an authenticator of this method already"),
    ENROLLMENT_EXPIRED(60, 400, Owner.CALLER, "The enrollment has expired"),
    INVALID_ENROLLMENT_TOKEN(61, 400, Owner.CALLER, "The enrollment token is not valid"),
    INVALID_ENROLL_METHOD(62, 400, Owner.CALLER, "The enrollment method is not known"),
    COULD_NOT_PROCESS_CSR(63, 400, Owner.CALLER, "The CSR cannot be processed"),
    MISSING_OR_INVALID_CSR(64, 400, Owner.CALLER, "A CSR is missing or not valid"),
    INVALID_CLIENT_CERT(65, 400, Owner.CALLER, "The client certificate is not valid"),
    CERT_FAILED_VALIDATION(66, 400, Owner.CALLER, "The certificate does not verify"),
    ENROLLMENT_CA_NOT_VALID(67, 400, Owner.CALLER, "The CA does not allow this enrollment"),
    INVALID_COMMON_NAME(68, 400, Owner.CALLER, "The certificate's common name is not the one expected"),
    ENROLLMENT_IDENTITY_ALREADY_ENROLLED(69, 409, Owner.CALLER, "The identity is enrolled already"),
    ENROLLMENT_EXISTS(70, 409, Owner.CALLER, "The identity has an enrollment of this method already"),
    CERT_IN_USE(71, 409, Owner.CALLER, "The certificate belongs to another identity"),
    CA_ALREADY_VERIFIED(72, 409, Owner.CALLER, "The CA is verified already");

    /** Who has to act. */
    public enum Owner {
        CALLER,
        OPERATOR,
        US
    }

    private final int number;
    private final int httpStatus;
    private final Owner owner;
    private final String message;
    private final String wireName;

    ErrorCode(int number, int httpStatus, Owner owner, String message) {
        this.number = number;
        this.httpStatus = httpStatus;
        this.owner = owner;
        this.message = message;
        this.wireName = name();
    }

    ErrorCode(int number, int httpStatus, Owner owner, String message, String wireName) {
        this.number = number;
        this.httpStatus = httpStatus;
        this.owner = owner;
        this.message = message;
        this.wireName = wireName;
    }

    public int number() {
        return number;
    }

    public int httpStatus() {
        return httpStatus;
    }

    public Owner owner() {
        return owner;
    }

    /** One sentence for a human; the particulars are in the cause. */
    public String message() {
        return message;
    }

    /** The code as it stands in the error envelope. */
    public String wireName() {
        return wireName;
    }
}

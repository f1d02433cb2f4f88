package io.postern.controller.enrollment;

/** How an identity may enroll. The names are the wire's. Edge routers use {@code erott}, which callers cannot ask for. */
public enum EnrollmentMethod {
    ott,
    ottca,
    updb
}

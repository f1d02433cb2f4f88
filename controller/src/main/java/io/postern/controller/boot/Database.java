package io.postern.controller.boot;

/**
 * Where the database is and how to log in.
 *
 * @param url {@code postgresql://host:port/name}, the form the reactive client takes; JDBC adds {@code jdbc:}
 */
public record Database(String url, String username, String password) {
    public String jdbcUrl() {
        return "jdbc:" + url;
    }

    /** The password stays out of logs. */
    @Override
    public String toString() {
        return url + " as " + username;
    }
}

package io.postern.controller.oidc;

/** The form that a browser gets; it loads nothing from elsewhere. */
final class LoginPage {
    /** The form leads here, and from here back to the client's own machine. */
    static final String POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none';"
                    + " form-action 'self' http://localhost:* https://localhost:* http://127.0.0.1:* https://127.0.0.1:* openziti:";

    private static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Log in</title>
            <style>
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 20rem; margin: 15vh auto; padding: 0 1rem }
            label, input, button { display: block; width: 100%%; box-sizing: border-box; font: inherit }
            input, button { padding: .5rem; margin: .25rem 0 1rem }
            [role=alert] { color: #b00020 }
            </style>
            </head>
            <body>
            <h1>Log in</h1>
            %s
            <form method="post" action="/oidc/login/username">
            <input type="hidden" name="id" value="%s">
            <label for="username">Name</label>
            <input id="username" name="username" autocomplete="username" required autofocus>
            <label for="password">Password</label>
            <input id="password" name="password" type="password" autocomplete="current-password" required>
            <button>Log in</button>
            </form>
            </body>
            </html>
            """;

    private LoginPage() {}

    /**
     * @param id of hexadecimal digits and hyphens
     * @param problem words of ours, or empty
     */
    static String html(String id, String problem) {
        return PAGE.formatted(problem.isEmpty() ? "" : "<p role=\"alert\">" + problem + "</p>", id);
    }
}

package io.postern.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Lane {@code browser}: a person with Chromium, over a line that breaks. Pictures are kept. */
final class BrowserCells {
    private static final String SCREEN =
            "(document.querySelector('.xterm-rows')?.innerText ?? '').replace(/\\u00a0/g, ' ')";
    private static final String STATE = "(document.querySelector('.bar .state')?.textContent ?? '')";
    private static final String BANNER = "(document.querySelector('.banner:not([hidden])')?.textContent ?? '')";

    private final ConsoleWorld world;
    private final Report report;
    private final Path logs;
    private final Path work;

    BrowserCells(ConsoleWorld world, Report report, Path logs, Path work) {
        this.world = world;
        this.report = report;
        this.logs = logs;
        this.work = work;
    }

    /** What a cell needs the browser for. */
    private interface Act {
        String in(Browser browser) throws IOException, InterruptedException;
    }

    void run(String program) throws IOException, InterruptedException {
        try (Browser browser = Browser.start(
                program, Files.createDirectories(work.resolve("chromium")), logs.resolve("chromium.log"))) {
            browser.size(1200, 760);
            cell(browser, "wrong-password", this::wrongPassword);
            cell(browser, "login", this::login);
            cell(browser, "exec", this::exec);
            cell(browser, "title-and-clipboard", this::hostileOutput);
            cell(browser, "resize", this::resize);
            cell(browser, "keyboard-way-out", this::keyboard);
            cell(browser, "viewers", this::viewers);
            cell(browser, "cut-and-resumed", this::cut);
            cell(browser, "exit-code-in-words", this::ends);
            cell(browser, "recording", this::recording);
            cell(browser, "log-out", this::logout);
        }
    }

    private void cell(Browser browser, String name, Act act) {
        report.cell("browser/" + name, () -> {
            String note = act.in(browser);
            browser.shot(logs.resolveSibling("browser").resolve(name + ".png"));
            List<String> complaints = browser.complaints();
            if (!complaints.isEmpty()) {
                throw new Failed("the browser complains: " + complaints);
            }
            return note;
        });
    }

    private String wrongPassword(Browser browser) throws InterruptedException {
        browser.open(world.badAddress() + "/");
        browser.await("the name's field", "document.activeElement?.id === 'user'");
        browser.type("alice");
        browser.value("document.getElementById('password').focus()");
        browser.type("certainly wrong\n");
        browser.await("a refusal", "!document.getElementById('login-error').hidden");
        String words = browser.value("document.getElementById('login-error').textContent")
                .asText();
        // Chromium reports every 401 of a fetch; anything else is ours
        List<String> others = browser.complaints().stream()
                .filter(line -> !line.contains("status of 401"))
                .toList();
        if (!others.isEmpty()) {
            throw new Failed("the browser complains: " + others);
        }
        return words;
    }

    private String login(Browser browser) throws InterruptedException {
        browser.value("document.getElementById('password').focus()");
        browser.type(world.password() + "\n");
        browser.await("the container web", "document.querySelector('tbody')?.textContent.includes('web')");
        String kept = browser.value("JSON.stringify([document.cookie, localStorage.length, sessionStorage.length])")
                .asText();
        if (!kept.equals("[\"\",0,0]")) {
            throw new Failed("the page keeps something: " + kept);
        }
        return "list shown, nothing kept";
    }

    private String exec(Browser browser) throws InterruptedException {
        browser.press("Shell " + ConsoleWorld.HOST + "/web");
        browser.await("a connection", STATE + ".startsWith('Connected')");
        typed(browser, "echo it-is-$((6*7))", "it-is-42");
        typed(browser, "x=kept-value; echo gr\u00fcn-\u65e5\u672c-$((1+1))", "gr\u00fcn-\u65e5\u672c-2");
        return browser.value(STATE).asText();
    }

    /** The shell may not be there yet: what is typed then waits in its terminal. */
    private static void typed(Browser browser, String line, String answer) throws InterruptedException {
        browser.type(line + "\n");
        browser.await(
                answer,
                SCREEN + ".split('\\n').some(line => line.includes('" + answer + "') && !line.includes('echo'))");
    }

    private String hostileOutput(Browser browser) throws InterruptedException {
        browser.type(
                "printf '\\033]0;<img src=x onerror=alert(1)>\\007\\033]52;c;aGFjaw==\\007'; echo printed-$((2+3))\n");
        browser.await("the end of it", SCREEN + ".includes('printed-5')");
        browser.await("the title as text", "document.querySelector('.bar .muted').textContent.includes('<img src=x')");
        if (browser.value("document.querySelectorAll('img').length").asInt() != 0) {
            throw new Failed("a title became markup");
        }
        return "a title is text";
    }

    private String resize(Browser browser) throws InterruptedException {
        typed(browser, "stty size | tr ' ' x | sed 's/^/before-/'", "before-");
        String before =
                browser.value(SCREEN + ".match(/before-\\d+x\\d+/)?.[0] ?? ''").asText();
        browser.size(900, 600);
        // sizes are told at most ten times a second, and an engine takes its time
        String after = Await.that("another size than " + before, Duration.ofSeconds(60))
                .until(
                        () -> {
                            browser.type("clear; stty size | tr ' ' x | sed 's/^/after-/'\n");
                            browser.await("a size", SCREEN + ".match(/^after-\\d+x\\d+/m)");
                            return browser.value(SCREEN + ".match(/^after-\\d+x\\d+/m)[0]")
                                    .asText();
                        },
                        size -> !size.substring(6).equals(before.substring(7)));
        return before + " " + after;
    }

    private String keyboard(Browser browser) throws InterruptedException {
        browser.shift("F6", 117);
        browser.await("the focus outside of the terminal", "document.activeElement?.textContent === 'Leave'");
        browser.value("document.querySelector('.xterm-helper-textarea').focus()");
        return "Shift+F6";
    }

    private String viewers(Browser browser) throws InterruptedException {
        browser.await("who is there", "document.querySelector('.viewers')?.textContent.includes('(you)')");
        return browser.value("document.querySelector('.viewers').textContent").asText();
    }

    private String cut(Browser browser) throws InterruptedException {
        int before = world.badLine().accepted();
        world.badLine().cut();
        browser.await("the connection back", STATE + ".startsWith('Connected again')");
        typed(browser, "echo still-$x", "still-kept-value");
        // that a socket broke is told by Chromium itself
        browser.complaints().stream()
                .filter(line -> !line.matches("(?s).*(WebSocket|ERR_CONNECTION|Failed to load resource).*"))
                .findFirst()
                .ifPresent(line -> {
                    throw new Failed("the browser complains: " + line);
                });
        return (world.badLine().accepted() - before) + " new connections, the same shell";
    }

    private String ends(Browser browser) throws InterruptedException {
        browser.type("exit 3\n");
        browser.await("the end", BANNER + ".includes('exit code 3')");
        String words =
                browser.value("document.querySelector('.banner p').textContent").asText();
        browser.press("Back");
        browser.await("the list", "document.querySelector('tbody') !== null");
        return words;
    }

    private String recording(Browser browser) throws InterruptedException {
        browser.press("Recordings");
        browser.await(
                "a recording", "[...document.querySelectorAll('tbody button')].some(b => b.textContent === 'Play')");
        browser.press("Play");
        browser.await("the player", "document.querySelector('.player input[type=range]') !== null");
        browser.value(
                "(() => { const s = document.querySelector('.player input[type=range]'); s.value = s.max; s.dispatchEvent(new Event('input')); })()");
        browser.await("what was printed", SCREEN + ".includes('still-kept-value')");
        return browser.value("document.querySelector('.time').textContent").asText();
    }

    private String logout(Browser browser) throws InterruptedException {
        browser.press("Close");
        browser.press("Log out");
        browser.await("the login", "document.getElementById('password') !== null");
        return "ended";
    }
}

import io.postern.client.Connection;
import io.postern.client.DialRefused;
import io.postern.client.IdentityFile;
import io.postern.client.PosternClient;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Fetches / from a service: Dial IDENTITY SERVICE. Prints the circuit's id and the first line; exit code 1 when the dial is refused. */
final class Dial {
    public static void main(String... arguments) throws Exception {
        try (PosternClient client = PosternClient.of(IdentityFile.read(Path.of(arguments[0])));
                Connection connection = client.dial(arguments[1])) {
            connection.output().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            var lines = new BufferedReader(new InputStreamReader(connection.input(), StandardCharsets.UTF_8));
            System.out.println(connection.circuitId() + " " + lines.readLine());
        } catch (DialRefused e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }
}

import io.postern.client.Connection;
import io.postern.client.DialRefused;
import io.postern.client.IdentityFile;
import io.postern.client.PosternClient;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Fetches / from a service: Dial IDENTITY SERVICE [hold]. Prints the circuit's id and the first line; exit code 1 when the dial is
 * refused. With hold it prints the id once it is connected, and fetches when its input ends.
 */
final class Dial {
    public static void main(String... arguments) throws Exception {
        try (PosternClient client = PosternClient.of(IdentityFile.read(Path.of(arguments[0])));
                Connection connection = client.dial(arguments[1])) {
            if (arguments.length > 2) {
                System.out.println(connection.circuitId());
                System.in.readAllBytes();
            }
            connection.output().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            var lines = new BufferedReader(new InputStreamReader(connection.input(), StandardCharsets.UTF_8));
            System.out.println(connection.circuitId() + " " + lines.readLine());
        } catch (DialRefused e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }
}

package io.postern.client.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;

class SecretStreamTest {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void bothEndsDeriveTheKeysOfAStockPair() throws IOException {
        JsonNode vector = vectors().get(0);
        KeyExchange client = KeyExchange.ofSeed(hex(vector, "clientSeed"));
        KeyExchange server = KeyExchange.ofSeed(hex(vector, "serverSeed"));

        assertThat(client.publicKey()).isEqualTo(hex(vector, "clientPublic"));
        assertThat(server.publicKey()).isEqualTo(hex(vector, "serverPublic"));
        KeyExchange.Keys dialer = client.client(server.publicKey());
        KeyExchange.Keys host = server.server(client.publicKey());
        assertThat(dialer.receive()).isEqualTo(hex(vector, "clientRx")).isEqualTo(host.transmit());
        assertThat(dialer.transmit()).isEqualTo(hex(vector, "clientTx")).isEqualTo(host.receive());
    }

    @Test
    void sealsAndOpensTheRecordsOfTheGoClient() throws IOException {
        sealsAndOpens(vectors().get(1), false);
    }

    @Test
    void sealsAndOpensTheRecordsOfLibsodium() throws IOException {
        sealsAndOpens(vectors().get(2), true);
    }

    private static void sealsAndOpens(JsonNode vector, boolean rekeys) throws IOException {
        SecretStream.Push push = new SecretStream.Push(hex(vector, "key"), hex(vector, "header"));
        SecretStream.Pull pull = new SecretStream.Pull(hex(vector, "key"), push.header());
        push.rekeys = rekeys;
        pull.rekeys = rekeys;
        for (JsonNode record : vector.get("records")) {
            byte tag = (byte) record.get("tag").asInt();
            byte[] plain = record.get("plain").asText().getBytes(java.nio.charset.StandardCharsets.UTF_8);
            byte[] sealed = new byte[plain.length + SecretStream.OVERHEAD];
            push.seal(tag, plain, 0, plain.length, sealed, 0);

            assertThat(HEX.formatHex(sealed)).isEqualTo(record.get("cipher").asText());
            assertThat(pull.open(sealed)).isEqualTo(plain);
            assertThat(pull.tag()).isEqualTo(tag);
        }
    }

    @Test
    void everyLengthSurvivesSealingInPlace() throws IOException {
        Random random = new Random(7);
        KeyExchange.Keys keys = KeyExchange.create().client(KeyExchange.create().publicKey());
        SecretStream.Push push = keys.push();
        SecretStream.Pull pull = new SecretStream.Pull(keys.transmit(), push.header());
        int before = SecretStream.BEFORE;
        for (int length = 0; length < 300; length++) {
            byte[] buffer = new byte[before + length + SecretStream.OVERHEAD];
            byte[] plain = new byte[length];
            random.nextBytes(plain);
            System.arraycopy(plain, 0, buffer, before + 1, length);
            int sealed = push.seal(SecretStream.MESSAGE, buffer, before + 1, length, buffer, before);
            assertThat(pull.open(buffer, before, sealed)).isEqualTo(length);
            assertThat(java.util.Arrays.copyOfRange(buffer, before + 1, before + 1 + length))
                    .isEqualTo(plain);
        }
    }

    /** Ours is held against the records of stock clients above; these are long, and none of theirs. */
    @Test
    void thePlatformMakesAndOpensTheRecordsThatOursDoes() throws IOException {
        Random random = new Random(13);
        byte[] key = new byte[32];
        random.nextBytes(key);
        SecretStream.Push ours = new SecretStream.Push(key, KeyExchange.freshHeader());
        SecretStream.Push platforms = new SecretStream.Push(key, ours.header());
        SecretStream.Pull byOurs = new SecretStream.Pull(key, ours.header());
        SecretStream.Pull byPlatform = new SecretStream.Pull(key, ours.header());
        ours.contest = Contest.over(false);
        byOurs.contest = Contest.over(false);
        platforms.contest = Contest.over(true);
        byPlatform.contest = Contest.over(true);
        int made = 0;
        for (int round = 0; round < 400; round++) {
            int length = round < 320 ? 4090 + round : random.nextInt(70_000) & (round % 2 == 0 ? -8 : -1);
            byte[] plain = new byte[length];
            random.nextBytes(plain);
            byte tag = (byte) (round % 50 == 0 ? SecretStream.REKEY : round % 4 == 0 ? SecretStream.PUSH : 0);
            byte[] record = new byte[length + SecretStream.OVERHEAD];
            byte[] same = new byte[length + SecretStream.OVERHEAD];
            ours.seal(tag, plain, 0, length, record, 0);
            platforms.seal(tag, plain, 0, length, same, 0);

            assertThat(same).isEqualTo(record);
            byte[] changed = record.clone();
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
            assertThatThrownBy(() -> byPlatform.open(changed)).isInstanceOf(BrokenStream.class);
            assertThat(byPlatform.open(record)).isEqualTo(plain);
            assertThat(byPlatform.tag()).isEqualTo(tag);
            assertThat(byOurs.open(same)).isEqualTo(plain);
            made += byPlatform.contest.choosesPlatform(length) ? 1 : 0;
        }
        assertThat(made).isBetween(50, 200);
    }

    @Test
    void bothWaysTakeTurnsUntilOneHasWon() {
        for (boolean platformWins : new boolean[] {true, false}) {
            Contest contest = new Contest();
            int byPlatform = 0;
            long now = System.nanoTime();
            while (contest.begin() != 0) {
                boolean platform = contest.choosesPlatform(8192);
                byPlatform += platform ? 1 : 0;
                contest.took(platform, 8192, now - (platform == platformWins ? 1_000_000_000L : 2_000_000_000_000L));
            }
            assertThat(byPlatform).isBetween(1_000, 1_000_000);
            assertThat(contest.choosesPlatform(8192)).isEqualTo(platformWins);
            assertThat(contest.choosesPlatform(8193)).isFalse();
            assertThat(contest.choosesPlatform(64)).isFalse();
        }
    }

    @Test
    void aChangedOrRepeatedOrShortRecordDoesNotOpen() throws IOException {
        KeyExchange.Keys keys = KeyExchange.create().client(KeyExchange.create().publicKey());
        SecretStream.Push push = keys.push();
        SecretStream.Pull pull = new SecretStream.Pull(keys.transmit(), push.header());
        byte[] record = push.seal("one".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        byte[] changed = record.clone();
        changed[3] ^= 1;
        assertThatThrownBy(() -> pull.open(changed)).isInstanceOf(BrokenStream.class);
        assertThatThrownBy(() -> pull.open(new byte[16])).isInstanceOf(BrokenStream.class);
        assertThat(pull.open(record)).hasSize(3);
        assertThatThrownBy(() -> pull.open(record)).isInstanceOf(BrokenStream.class);
    }

    @Test
    void aWeakPublicKeyIsRefused() {
        assertThatThrownBy(() -> KeyExchange.create().client(new byte[32]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theAuthenticatorAgreesWithAnotherOne() {
        Random random = new Random(11);
        for (int round = 0; round < 500; round++) {
            byte[] key = new byte[32];
            byte[] data = new byte[random.nextInt(600)];
            if (round % 3 == 0) {
                java.util.Arrays.fill(key, (byte) 0xff);
                java.util.Arrays.fill(data, (byte) 0xff);
            } else {
                random.nextBytes(key);
                random.nextBytes(data);
            }
            Poly1305 other = new Poly1305();
            other.init(new KeyParameter(key));
            other.update(data, 0, data.length);
            byte[] expected = new byte[16];
            other.doFinal(expected, 0);

            io.postern.client.crypto.Poly1305 ours = new io.postern.client.crypto.Poly1305();
            ours.start(key);
            int whole = data.length & -16;
            ours.blocks(data, 0, whole);
            if (whole < data.length) {
                ours.last(data, whole, data.length - whole);
            }
            byte[] tag = new byte[16];
            ours.finish(tag, 0);
            assertThat(tag).isEqualTo(expected);
        }
    }

    private static byte[] hex(JsonNode vector, String field) {
        return HEX.parseHex(vector.get(field).asText());
    }

    private static List<JsonNode> vectors() throws IOException {
        try (InputStream in = SecretStreamTest.class.getResourceAsStream("/vectors/secretstream.jsonl")) {
            List<JsonNode> all = new ArrayList<>();
            JsonMapper.builder()
                    .build()
                    .readerFor(JsonNode.class)
                    .<JsonNode>readValues(in)
                    .forEachRemaining(all::add);
            return all;
        }
    }
}

package dev.promptgate.service.secrets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretMaskTest {
    private static final String JAAS = "sasl.jaas.config";

    private final SecretMask mask = new SecretMask();

    @Test
    void aSecretIsReplacedWhereverItStands() {
        mask.learn("ssl.key.password", " hunter22 ");
        assertEquals("refused *** and <***>", mask.apply("refused hunter22 and <hunter22>"));
        assertEquals("nothing here", mask.apply("nothing here"));
    }

    @Test
    void theLongerOfTwoGoesFirst() {
        mask.learn("a.password", "abcd");
        mask.learn("b.password", "xabcdx");
        assertEquals("*** ***", mask.apply("xabcdx abcd"));
    }

    @Test
    void valuesOfAJaasConfigurationCountOnTheirOwn() {
        mask.learn(JAAS,
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"alice\" "
                        + "password=\"pa ss;wörd\" clientSecret='s3cret-2';");
        assertEquals("*** is wrong, *** too", mask.apply("pa ss;wörd is wrong, s3cret-2 too"));
        assertEquals("PlainLoginModule required alice", mask.apply("PlainLoginModule required alice"));
    }

    @Test
    void escapedQuotesAreMaskedEitherWay() {
        mask.learn(JAAS, "x.LoginModule required password=\"ab\\\"cd-ef\";");
        assertEquals("*** ***", mask.apply("ab\\\"cd-ef ab\"cd-ef"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "org.example.PlainLoginModule required username=\"alice\" "
                    + "password=\"swordfish\"",
            "org.example.PlainLoginModule required username=\"alice\" "
                    + "password=swordfish fishsword;",
            "org.example.PlainLoginModule required username=\"alice\" "
                    + "password=\"x\"swordfish\";",
            "org.example.PlainLoginModule required username=\"alice password=\"swordfish\";",
            "org.example.PlainLoginModule required username=alice password=12swordfish;",
            "org.example.PlainLoginModule required password=swordfish!fishsword;",
            "org.example.PlainLoginModule swordfish required;",
            "\"swordfish\" required;", "swordfish", "username=alice;password='swordfish'"})
    void noPieceOfAMalformedOneIsShown(String jaas) {
        mask.learn(JAAS, jaas);
        String shown = mask.apply("stumbled over 'swordfish' and 'fishsword' in '" + jaas + "'");
        assertFalse(shown.contains("swordfish"), shown);
        assertFalse(jaas.contains("fishsword") && shown.contains("fishsword"), shown);
    }

    @Test
    void shortValuesAreMaskedOnlyBehindTheirNames() {
        mask.learn(JAAS, "x.LoginModule required password=\"abc\";");
        assertEquals("abc password=*** clientSecret = *** ssl.key.password=***, rest",
                mask.apply("abc password=\"abc\" clientSecret = 'abc' ssl.key.password=abc, rest"));
        assertEquals("password=*** def", mask.apply("password=\"abc def"));
    }

    @Test
    void whetherAPasswordIsSetStaysVisible() {
        assertEquals("ssl.key.password = null\n\tssl.keystore.password = [hidden]\n",
                mask.apply("ssl.key.password = null\n\tssl.keystore.password = [hidden]\n"));
    }

    @Test
    void linesOfAKeyCountOnTheirOwn() {
        mask.learn("ssl.keystore.key", "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0B\n-----END PRIVATE KEY-----");
        assertEquals("at *** in -----BEGIN PRIVATE KEY-----", mask.apply("at kqhkiG9w0B in -----BEGIN PRIVATE KEY-----"));
    }

    @Test
    void emptyValuesChangeNothing() {
        mask.learn("a.password", "");
        mask.learn("a.password", "    ");
        mask.learn(JAAS, "");
        mask.learn("a.token", "true");
        assertEquals("a    b true", mask.apply("a    b true"));
    }

    @Test
    void manyThreadsLearnAndApply() throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        AtomicInteger leaks = new AtomicInteger();
        for (int i = 0; i < 400; i++) {
            String secret = "secret-number-" + i + "-";
            threads.execute(() -> {
                mask.learn("a.password", secret);
                if (mask.apply("<" + secret + ">").contains(secret)) {
                    leaks.incrementAndGet();
                }
            });
        }
        threads.shutdown();
        assertTrue(threads.awaitTermination(30, TimeUnit.SECONDS));
        assertEquals(0, leaks.get());
    }
}

package dev.promptgate.messaging.classes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.record.RejectionCode;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassStateTest {
    private static final String KEY = "promptgate-class/crème brûlée";

    @Test
    void comesBackAsItWent() throws InvalidRecordException {
        ClassState retired = new ClassState("crème brûlée", true, Optional.empty());
        ProducerRecord<byte[], byte[]> record = retired.encode("t");
        assertEquals(KEY, new String(record.key(), StandardCharsets.UTF_8));
        assertEquals("{\"retired\":true}", new String(record.value(), StandardCharsets.UTF_8));
        assertEquals(retired, decode(KEY, "{\"retired\":true}"));
        assertEquals(new ClassState("flan", true, Optional.empty()), retired.of("flan"));
    }

    @Test
    void aDescriptionComesBackAsItWent() throws InvalidRecordException {
        ClassState described = ClassState.plain("crème brûlée").described(Optional.of("custard \"with\" a crust 🍮"));
        String value = new String(described.encode("t").value(), StandardCharsets.UTF_8);
        assertEquals("{\"description\":\"custard \\\"with\\\" a crust 🍮\"}", value);
        assertEquals(described, decode(KEY, value));
        assertEquals(described.retired(true), decode(KEY, new String(described.retired(true).encode("t").value(), StandardCharsets.UTF_8)));
        assertFalse(described.isPlain());
        assertTrue(described.described(Optional.empty()).isPlain());
    }

    /** It stands where a label stands. */
    @ParameterizedTest
    @ValueSource(strings = {"7", "null", "[]", "\"\"", "\" \"", "\"a\\u0007b\"", "\"a <|endoftext|>\""})
    void otherDescriptionsAreRefused(String description) {
        assertEquals(RejectionCode.MALFORMED_CLASS_STATE, assertThrows(InvalidRecordException.class,
                () -> decode(KEY, "{\"retired\":true,\"description\":%s}".formatted(description))).code());
    }

    @Test
    void aDescriptionThatIsTooLongIsRefused() throws InvalidRecordException {
        assertEquals("é".repeat(128), decode(KEY, "{\"description\":\"%s\"}".formatted("é".repeat(128))).description().orElseThrow());
        String message = assertThrows(InvalidRecordException.class,
                () -> decode(KEY, "{\"description\":\"%s\"}".formatted("é".repeat(129)))).getMessage();
        assertTrue(message.contains("[bytes: 258, limit: 256]"), message);
    }

    @Test
    void nothingIsSaidByNoValue() throws InvalidRecordException {
        assertNull(new ClassState("cat", true, Optional.empty()).retired(false).encode("t").value());
        assertEquals(ClassState.plain("crème brûlée"), decode(KEY, null));
        assertTrue(decode(KEY, "{}").isPlain());
        assertFalse(new ClassState("cat", true, Optional.empty()).isPlain());
    }

    /** What a reader of a later release would understand is not half understood. */
    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{", "{} {}", "7", "\"retired\"", "{\"retired\":1}", "{\"retired\":null}",
            "{\"retired\":\"true\"}", "{\"retired\":true,\"retired\":false}", "{\"retired\":true,\"hidden\":true}", "{\"Retired\":true}"})
    void otherValuesAreRefused(String value) {
        assertEquals(RejectionCode.MALFORMED_CLASS_STATE,
                assertThrows(InvalidRecordException.class, () -> decode(KEY, value)).code(), value);
    }

    @Test
    void aValueThatIsTooLongIsRefused() {
        String padded = "{\"retired\":true}" + " ".repeat(5_000);
        String message = assertThrows(InvalidRecordException.class, () -> decode(KEY, padded)).getMessage();
        assertTrue(message.endsWith("[bytes: 5016, limit: 4096]"), message);
    }

    @Test
    void aNameThatIsNoLabelIsRefused() {
        for (String name : new String[] {"", " ", "a\nb", "<|endoftext|>", "x".repeat(257)}) {
            assertThrows(InvalidRecordException.class, () -> decode("promptgate-class/" + name, null), name);
        }
    }

    @ParameterizedTest
    @CsvSource({"promptgate-class/cat, true", "promptgate-class/, true", "promptgate-class, false", "cat, false",
            "Promptgate-class/cat, false"})
    void noImageHasTheKeyOfAClass(String key, boolean isOfClass) throws InvalidRecordException {
        assertEquals(isOfClass, ClassState.isIn(record(key, null)));
        if (isOfClass) {
            assertEquals(RejectionCode.RESERVED_ID, assertThrows(InvalidRecordException.class,
                    () -> ImageIds.check(key.getBytes(StandardCharsets.UTF_8))).code());
        } else {
            ImageIds.check(key.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Releases that do not know it pass it over: it is no feature, whatever its value. */
    @Test
    void itIsNoFeature() {
        assertThrows(InvalidRecordException.class, () -> ImageFeature.decode(record(KEY, "{\"retired\":true}")));
        assertFalse(ClassState.isIn(new ConsumerRecord<>("t", 0, 0, null, null)));
    }

    private static ClassState decode(String key, String value) throws InvalidRecordException {
        ConsumerRecord<byte[], byte[]> record = record(key, value);
        assertTrue(ClassState.isIn(record));
        return ClassState.decode(record);
    }

    private static ConsumerRecord<byte[], byte[]> record(String key, String value) {
        return new ConsumerRecord<>("t", 0, 0, key.getBytes(StandardCharsets.UTF_8),
                value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }
}

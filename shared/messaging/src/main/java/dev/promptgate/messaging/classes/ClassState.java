package dev.promptgate.messaging.classes;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.LabelRules;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.record.RejectionCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What an operator says of a class, from a record of {@code image-features} on: it stands among the features, since learner and evaluator
 * must read it in one order with them. The key is {@code promptgate-class/} and the class's name, with which no image id begins; the value
 * a JSON object, or null once nothing is said of the class any more.
 *
 * @param isRetired whether the class neither trains nor judges
 * @param description what stands in the prompt in the name's place; a text by the rules of labels
 */
public record ClassState(String name, boolean isRetired, Optional<String> description) {
    private static final int MAX_BYTES = 4 << 10;
    private static final String RETIRED = "retired";
    private static final String DESCRIPTION = "description";
    private static final Set<String> KEYS = Set.of(RETIRED, DESCRIPTION);
    private static final JsonMapper JSON = JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    /** Of a class of which nothing is said. */
    public static ClassState plain(String name) {
        return new ClassState(name, false, Optional.empty());
    }

    public boolean isPlain() {
        return equals(plain(name));
    }

    /** The same said of another class. */
    public ClassState of(String other) {
        return new ClassState(other, isRetired, description);
    }

    public ClassState retired(boolean isRetiredNow) {
        return new ClassState(name, isRetiredNow, description);
    }

    public ClassState described(Optional<String> descriptionNow) {
        return new ClassState(name, isRetired, descriptionNow);
    }

    /** Whether a record of {@code image-features} says something of a class. */
    public static boolean isIn(ConsumerRecord<byte[], byte[]> record) {
        return record.key() != null && ImageIds.isReserved(record.key());
    }

    public ProducerRecord<byte[], byte[]> encode(String topic) {
        ObjectNode said = JSON.createObjectNode();
        if (isRetired) {
            said.put(RETIRED, true);
        }
        description.ifPresent(text -> said.put(DESCRIPTION, text));
        return new ProducerRecord<>(topic, utf8(ImageIds.RESERVED + name), said.isEmpty() ? null : utf8(said.toString()));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * @param record whose key says that it {@link #isIn is one}
     * @throws InvalidRecordException if the name is no label, or the value anything but what this release knows: half of what was said may
     *     not hold
     */
    public static ClassState decode(ConsumerRecord<byte[], byte[]> record) throws InvalidRecordException {
        String name = LabelRules.read(Arrays.copyOfRange(record.key(), ImageIds.RESERVED.length(), record.key().length));
        if (record.value() == null) {
            return plain(name);
        }
        JsonNode said = read(record.value());
        return new ClassState(name, isRetired(said), description(said));
    }

    private static JsonNode read(byte[] value) throws InvalidRecordException {
        if (value.length > MAX_BYTES) {
            throw malformed("its value is too long [bytes: %d, limit: %d]".formatted(value.length, MAX_BYTES));
        }
        JsonNode said;
        try {
            said = JSON.readTree(value);
        } catch (IOException e) {
            throw malformed("its value is no JSON");
        }
        if (said == null || !said.isObject()) {
            throw malformed("its value is no JSON object");
        }
        for (Iterator<String> keys = said.fieldNames(); keys.hasNext();) {
            String key = keys.next();
            if (!KEYS.contains(key)) {
                throw malformed("it says what this release does not know [key: %s]".formatted(Quoted.of(key)));
            }
        }
        return said;
    }

    private static boolean isRetired(JsonNode said) throws InvalidRecordException {
        JsonNode retired = said.path(RETIRED);
        if (!retired.isMissingNode() && !retired.isBoolean()) {
            throw malformed("'retired' is true or false");
        }
        return retired.asBoolean();
    }

    private static Optional<String> description(JsonNode said) throws InvalidRecordException {
        JsonNode description = said.path(DESCRIPTION);
        if (description.isMissingNode()) {
            return Optional.empty();
        }
        if (!description.isTextual()) {
            throw malformed("'description' is a text");
        }
        try {
            return Optional.of(LabelRules.read(utf8(description.asText())));
        } catch (InvalidRecordException e) {
            throw malformed("its description must follow the rules of labels: " + e.getMessage());
        }
    }

    private static InvalidRecordException malformed(String why) {
        return new InvalidRecordException(RejectionCode.MALFORMED_CLASS_STATE, "What is said of a class cannot be used: " + why);
    }
}

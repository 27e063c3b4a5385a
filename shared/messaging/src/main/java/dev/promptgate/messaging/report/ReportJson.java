package dev.promptgate.messaging.report;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.deser.std.NumberDeserializers;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.report.ReportCodec.InvalidReportException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Records as JSON objects, by Jackson. Strict about types: nothing is read as something else. What is absent or null reads as zero, empty
 * or unknown unless its record requires it, since older writers knew fewer keys; keys that nobody knows are passed over.
 */
public final class ReportJson {
    private static final int MAX_REASON = 200;
    private static final ObjectMapper JSON = mapper();

    private ReportJson() {}

    private static ObjectMapper mapper() {
        SimpleModule fractions = new SimpleModule().addSerializer(double.class, new FractionSerializer())
                .addDeserializer(double.class, new FractionDeserializer());
        ObjectMapper mapper = JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).addModule(fractions)
                .annotationIntrospector(new UnknownPassedOver())
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS).build();
        for (Class<?> type : List.of(String.class, List.class, Map.class)) {
            mapper.configOverride(type).setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY));
        }
        for (CoercionInputShape shape : List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
            mapper.coercionConfigFor(LogicalType.Textual).setCoercion(shape, CoercionAction.Fail);
        }
        return mapper;
    }

    public static ObjectNode object() {
        return JSON.createObjectNode();
    }

    public static ObjectNode tree(Object record) {
        return JSON.valueToTree(record);
    }

    static byte[] bytes(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Records and trees are always JSON", e);
        }
    }

    /** The first entries, at most so many, of which the JSON takes at most so many bytes. */
    static <T> List<T> fitting(List<T> entries, int most, int maxBytes) {
        int bytes = 0;
        for (int i = 0; i < entries.size(); i++) {
            bytes += bytes(entries.get(i)).length + 1;
            if (i == most || bytes > maxBytes) {
                return entries.subList(0, i);
            }
        }
        return entries;
    }

    /** @throws InvalidReportException if the bytes are no JSON object */
    static ObjectNode parse(byte[] bytes) throws InvalidReportException {
        try {
            if (bytes != null && JSON.readTree(bytes) instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException e) {
            throw invalid(e);
        }
        throw new InvalidReportException("it is no JSON object");
    }

    /** @throws InvalidReportException if the object lacks what the record requires, or has something of another type */
    static <T> T read(JsonNode object, Class<T> type) throws InvalidReportException {
        if (!object.isObject()) {
            throw new InvalidReportException("it has something else where an object should be");
        }
        try {
            return JSON.treeToValue(object, type);
        } catch (JsonProcessingException e) {
            throw invalid(e);
        }
    }

    /** What stands under a key, unless that is missing or null. */
    static <T> Optional<T> find(JsonNode parent, String key, Class<T> type) throws InvalidReportException {
        JsonNode node = parent.path(key);
        return node.isMissingNode() || node.isNull() ? Optional.empty() : Optional.of(read(node, type));
    }

    /** An exception's first line says what, and holds text from outside. */
    private static InvalidReportException invalid(IOException e) {
        String what = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
        return new InvalidReportException(Quoted.of(String.valueOf(what), MAX_REASON));
    }

    /** What a record does not know is skipped at once; else Jackson copies all of it, the waves of ten thousand classes, before it does. */
    private static final class UnknownPassedOver extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public JsonIgnoreProperties.Value findPropertyIgnoralByName(MapperConfig<?> config, Annotated type) {
            return super.findPropertyIgnoralByName(config, type).withIgnoreUnknown();
        }
    }

    /** JSON has no NaN: null stands for what is not known. */
    private static final class FractionSerializer extends StdSerializer<Double> {
        private static final long serialVersionUID = 1L;

        FractionSerializer() {
            super(double.class, true);
        }

        @Override
        public void serialize(Double value, JsonGenerator out, SerializerProvider provider) throws IOException {
            if (Double.isFinite(value)) {
                out.writeNumber(value);
            } else {
                out.writeNull();
            }
        }
    }

    private static final class FractionDeserializer extends NumberDeserializers.DoubleDeserializer {
        private static final long serialVersionUID = 1L;

        FractionDeserializer() {
            super(double.class, Double.NaN); // of what is absent or null
        }

        @Override
        public Double deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return in.currentToken().isNumeric() ? in.getDoubleValue() : (Double) context.handleUnexpectedToken(double.class, in);
        }
    }
}

package dev.promptgate.experiments.exports;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.promptgate.clip.failure.FirstLine;
import dev.promptgate.experiments.data.DataException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An export in JSON (UTF-8, 16 or 32), read as a stream: what is not asked for is passed over and takes no memory. Names that stand twice
 * in an object and deep nesting are refused.
 */
final class JsonExport implements Closeable {
    /** What is done with the value that the parser stands at; it ends at the value's last token. */
    @FunctionalInterface
    interface Step {
        void read() throws IOException, DataException;
    }

    /** What is done with a field of an object; the parser stands at its value, and passes over what is not read. */
    @FunctionalInterface
    interface Field {
        void read(String name) throws IOException, DataException;
    }

    private static final int MAX_DEPTH = 100;
    private static final JsonMapper JSON = new JsonMapper(JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build()).build());

    private final Path file;
    private final JsonParser parser;

    private JsonExport(Path file) throws IOException {
        this.file = file;
        this.parser = JSON.createParser(Files.newInputStream(file));
    }

    @FunctionalInterface
    interface Reading {
        void read(JsonExport json) throws IOException, DataException;
    }

    static void read(Path file, Reading reading) throws DataException {
        if (!Files.isRegularFile(file)) {
            throw new DataException("An export in JSON is one file; name it [path: " + file + "]");
        }
        try (JsonExport json = new JsonExport(file)) {
            json.parser.nextToken();
            reading.read(json);
            if (json.parser.nextToken() != null) {
                throw json.refused("The export goes on after its end; export it again");
            }
        } catch (JsonProcessingException e) {
            throw new DataException("The export is not whole JSON; export it again [file: %s, line: %d, column: %d, cause: %s]".formatted(
                    file, e.getLocation() == null ? 0 : e.getLocation().getLineNr(),
                    e.getLocation() == null ? 0 : e.getLocation().getColumnNr(), e.getOriginalMessage().lines().findFirst().orElse("")), e);
        } catch (IOException e) {
            throw new DataException("The export cannot be read [file: %s, cause: %s]".formatted(file, FirstLine.of(e)), e);
        }
    }

    boolean isArray() {
        return parser.currentToken() == JsonToken.START_ARRAY;
    }

    void elements(Step element) throws IOException, DataException {
        require(JsonToken.START_ARRAY, "a list");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            element.read();
        }
    }

    void fields(Field field) throws IOException, DataException {
        require(JsonToken.START_OBJECT, "an object");
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            field.read(name);
            parser.skipChildren();
        }
    }

    /** A number or text, as text; null where it is null. */
    String scalar() throws IOException, DataException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (token != JsonToken.VALUE_STRING && token != JsonToken.VALUE_NUMBER_INT) {
            throw refused("The export has something else where text or a whole number must be");
        }
        return parser.getText();
    }

    JsonNode tree() throws IOException, DataException {
        require(JsonToken.START_OBJECT, "an object");
        return JSON.readTree(parser);
    }

    private void require(JsonToken token, String what) throws DataException {
        if (parser.currentToken() != token) {
            throw refused("The export has something else where %s must be; is this the format?".formatted(what));
        }
    }

    /** The refusal of what the parser stands at. */
    DataException refused(String message) {
        return new DataException("%s [file: %s, at: %s, line: %d]".formatted(message, file, parser.getParsingContext().pathAsPointer(),
                parser.currentLocation().getLineNr()));
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}

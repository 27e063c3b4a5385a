package dev.promptgate.cli.logging;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.Quoted;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.event.KeyValuePair;

/** The fields of an event, as {@code  [name: value]}; nothing where there are none. A value from outside cannot break the line. */
public final class FieldsConverter extends ClassicConverter {
    @Override
    public String convert(ILoggingEvent event) {
        List<KeyValuePair> fields = event.getKeyValuePairs();
        return fields == null || fields.isEmpty() ? ""
                : fields.stream().map(field -> field.key + ": " + Quoted.of(String.valueOf(field.value), ImageIds.MAX_BYTES))
                        .collect(Collectors.joining(", ", " [", "]"));
    }
}

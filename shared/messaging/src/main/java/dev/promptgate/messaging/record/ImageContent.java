package dev.promptgate.messaging.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import io.cloudevents.CloudEvent;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.kafka.KafkaMessageFactory;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a record of labelled-images holds, whatever its form: the value itself, a list with one URI ({@code text/uri-list}), or a CloudEvent
 * in structured or binary mode with either of them as its data, or with the extension {@code dataref}.
 *
 * @param bytes the image file; empty if it is kept elsewhere
 * @param label as the record's header or the event's attribute has it, not checked; null without one
 * @param split the same
 */
public record ImageContent(byte[] bytes, Optional<ImageReference> reference, byte[] label, byte[] split) {
    static final String URI_LIST = "text/uri-list";
    static final String DATAREF_HEADER = "ce_dataref";

    private static final String STRUCTURED = "application/cloudevents";
    private static final String STRUCTURED_JSON = STRUCTURED + "+json";
    private static final String BINARY = "ce_specversion";
    private static final byte[] NONE = {};
    /** Jackson's bound on a text is below an image in Base64; the topic bounds the record. */
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build()).build())
            .registerModule(JsonFormat.getCloudEventJacksonModule());

    /** @throws InvalidRecordException if there is nothing, or the form is announced and not kept */
    public static ImageContent of(ConsumerRecord<byte[], byte[]> record) throws InvalidRecordException {
        String type = contentType(record);
        if (isEvent(record)) {
            return ofEvent(record, event(record, type));
        }
        byte[] value = present(record.value());
        Optional<ImageReference> reference = type.equals(URI_LIST)
                ? Optional.of(ImageReference.parse(onlyUri(value), text(record, RecordHeaders.IMAGE_SIZE),
                        text(record, RecordHeaders.IMAGE_SHA256)))
                : Optional.empty();
        return new ImageContent(reference.isPresent() ? NONE : value, reference,
                RecordHeaders.bytes(record.headers(), RecordHeaders.LABEL), RecordHeaders.bytes(record.headers(), RecordHeaders.SPLIT));
    }

    /** Whether the headers announce a CloudEvent, whose value may be null: then its attributes tell where the image is kept. */
    static boolean isEvent(ConsumerRecord<byte[], byte[]> record) {
        return contentType(record).startsWith(STRUCTURED) || RecordHeaders.bytes(record.headers(), BINARY) != null;
    }

    /** Whether the headers leave open that the image is kept elsewhere; looks at no value. */
    public static boolean mayBeElsewhere(ConsumerRecord<byte[], byte[]> record) {
        String type = contentType(record);
        return type.equals(URI_LIST) || type.startsWith(STRUCTURED) || RecordHeaders.bytes(record.headers(), DATAREF_HEADER) != null;
    }

    private static ImageContent ofEvent(ConsumerRecord<byte[], byte[]> record, CloudEvent event) throws InvalidRecordException {
        byte[] data = event.getData() == null ? NONE : event.getData().toBytes();
        String uri = attribute(event, "dataref");
        if (mediaType(event.getDataContentType()).equals(URI_LIST)) {
            uri = onlyUri(present(data));
        } else if (data.length > 0) {
            uri = null; // both: what is here need not be fetched
        }
        Optional<ImageReference> reference = uri == null ? Optional.empty()
                : Optional.of(ImageReference.parse(uri, either(text(record, RecordHeaders.IMAGE_SIZE), attribute(event, "size")),
                        either(text(record, RecordHeaders.IMAGE_SHA256), attribute(event, "sha256"))));
        return new ImageContent(reference.isPresent() ? NONE : present(data), reference, label(record, event, RecordHeaders.LABEL),
                label(record, event, RecordHeaders.SPLIT));
    }

    private static CloudEvent event(ConsumerRecord<byte[], byte[]> record, String type) throws InvalidRecordException {
        try {
            CloudEvent event = type.equals(STRUCTURED_JSON) ? JSON.readValue(present(record.value()), CloudEvent.class)
                    : type.startsWith(STRUCTURED) ? null : KafkaMessageFactory.createReader(record.headers(), record.value()).toEvent();
            if (event != null) { // no other format is read, and the JSON may be null
                return event;
            }
        } catch (IOException | RuntimeException e) {
            // told below: the library's messages quote the event
        }
        throw new InvalidRecordException(RejectionCode.MALFORMED_EVENT,
                "The record is no CloudEvent; send one with specversion, id, source "
                        + "and type, as application/cloudevents+json or with headers ce_… [content type: %s]".formatted(Quoted.of(type)));
    }

    private static byte[] label(ConsumerRecord<byte[], byte[]> record, CloudEvent event, String name) {
        byte[] header = RecordHeaders.bytes(record.headers(), name);
        String attribute = attribute(event, name);
        return header != null || attribute == null ? header : RecordHeaders.utf8(attribute);
    }

    private static String attribute(CloudEvent event, String name) {
        Object value = event.getExtension(name);
        return value == null ? null : value.toString();
    }

    private static String either(String header, String attribute) {
        return header == null ? attribute : header;
    }

    private static byte[] present(byte[] value) throws InvalidRecordException {
        if (value == null || value.length == 0) {
            throw new InvalidRecordException(RejectionCode.EMPTY_VALUE,
                    "The record has no value; send the image file's bytes or its URI, or to erase an image, its id as key and no value");
        }
        return value;
    }

    /** RFC 2483: a URI a line; lines that begin with # are comments. */
    private static String onlyUri(byte[] list) throws InvalidRecordException {
        List<String> uris = new String(list, StandardCharsets.UTF_8).lines().map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#")).limit(2).toList();
        if (uris.size() != 1) {
            throw new InvalidRecordException(RejectionCode.MALFORMED_REFERENCE,
                    "A list of URIs must hold exactly one; send a record for each image [URIs: %s]"
                            .formatted(uris.isEmpty() ? 0 : "several"));
        }
        return uris.get(0);
    }

    private static String contentType(ConsumerRecord<byte[], byte[]> record) {
        byte[] header = RecordHeaders.bytes(record.headers(), RecordHeaders.CONTENT_TYPE);
        return mediaType(header == null ? null : new String(header, StandardCharsets.UTF_8));
    }

    /** Without parameters, in lower case; empty for null. */
    private static String mediaType(String contentType) {
        return contentType == null ? "" : contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    private static String text(ConsumerRecord<byte[], byte[]> record, String header) throws InvalidRecordException {
        byte[] bytes = RecordHeaders.bytes(record.headers(), header);
        try {
            return bytes == null ? null : RecordHeaders.text(bytes);
        } catch (CharacterCodingException e) {
            throw new InvalidRecordException(RejectionCode.MALFORMED_REFERENCE, "The header is not UTF-8 [header: " + header + "]");
        }
    }
}

package dev.promptgate.messaging.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** The forms that a record of labelled-images may have. */
class ImageContentTest {
    private static final byte[] BYTES = {1, 2, 3, (byte) 0xFF};
    private static final String SIGNED = "https://images.example.org/cats/1.jpg?X-Signature=s3cr3t";
    private static final String DIGEST = "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81";

    @Test
    void aRecordOfAnotherContentTypeIsTheImageItself() throws InvalidRecordException {
        for (String type : new String[] {"image/jpeg", "application/octet-stream", "text/plain"}) {
            assertArrayEquals(BYTES, LabelledImage.decode(record(BYTES, "content-type", type, "label", "cat")).bytes());
            assertFalse(ImageContent.mayBeElsewhere(record(BYTES, "content-type", type)));
        }
    }

    @Test
    void aListOfOneUriIsAReferenceWithWhatIsExpected() throws InvalidRecordException {
        String list = "# one image\r\n" + SIGNED + "\r\n";
        LabelledImage image = LabelledImage.decode(record(utf8(list), "content-type", "Text/URI-list; charset=utf-8", "label", "cat",
                "image-size", "1234", "image-sha256", DIGEST));
        assertEquals(new ImageReference(URI.create(SIGNED), OptionalLong.of(1234), Optional.of(DIGEST)), image.reference().orElseThrow());
        assertEquals(0, image.bytes().length);
        assertEquals("cat", image.label());
    }

    @Test
    void aReferenceComesBackAsItWent() throws InvalidRecordException {
        ImageReference reference = new ImageReference(URI.create(SIGNED), OptionalLong.of(7), Optional.of(DIGEST));
        var sent = new LabelledImage("id", "cat", Split.PROBE, reference, 0).encode("t");
        RecordHeaders headers = new RecordHeaders(sent.headers().toArray());
        LabelledImage back = LabelledImage.decode(
                new ConsumerRecord<>("t", 0, 0, 0, TimestampType.CREATE_TIME, 0, 0, sent.key(), sent.value(), headers, Optional.empty()));
        assertEquals(Optional.of(reference), back.reference());
        assertEquals("id", back.imageId());
        assertEquals(Split.PROBE, back.split());
    }

    @Test
    void theQueryAndTheUserAreNotShown() {
        URI uri = URI.create("https://user:s3cr3t@images.example.org:8443/a%20b.jpg?X-Signature=s3cr3t#s3cr3t");
        ImageReference reference = new ImageReference(uri, OptionalLong.empty(), Optional.empty());
        assertEquals("https://images.example.org:8443/a%20b.jpg", reference.shown());
        assertFalse(new LabelledImage("id", "cat", null, reference, 0).toString().contains("s3cr3t"));
    }

    @Test
    void whatIsNoSingleUriIsRefusedWithoutQuotingIt() {
        for (String list : new String[] {"# nothing\r\n", "https://a/1\r\nhttps://a/2\r\n", "not a uri s3cr3t", "/relative/s3cr3t",
                "mailto:s3cr3t@example.org", "https://bücher s3cr3t/", "https://a/%zz?s3cr3t", "\\\\unc\\s3cr3t",
                "https://a/?s3cr3t" + "x".repeat(5000)}) {
            InvalidRecordException refused = refused(record(utf8(list), "content-type", "text/uri-list", "label", "cat"));
            assertEquals(RejectionCode.MALFORMED_REFERENCE, refused.code(), list);
            assertFalse(refused.getMessage().contains("s3cr3t") || refused.getMessage().contains("\n"), refused.getMessage());
        }
    }

    @Test
    void anExpectedSizeOrDigestThatIsNoneIsRefused() {
        for (String size : new String[] {"-1", "1.5", "many", "", "99999999999999999999"}) {
            assertEquals(RejectionCode.MALFORMED_REFERENCE,
                    refused(record(utf8(SIGNED), "content-type", "text/uri-list", "label", "cat", "image-size", size)).code(), size);
        }
        for (String digest : new String[] {"", "abc", DIGEST.toUpperCase(), DIGEST + "0"}) {
            assertEquals(RejectionCode.MALFORMED_REFERENCE,
                    refused(record(utf8(SIGNED), "content-type", "text/uri-list", "label", "cat", "image-sha256", digest)).code(), digest);
        }
    }

    @Test
    void aStructuredEventHoldsTheImageInBase64() throws InvalidRecordException {
        String event = event("\"datacontenttype\": \"image/png\", \"data_base64\": \"%s\", \"label\": \"red apple\", \"split\": \"probe\""
                .formatted(Base64.getEncoder().encodeToString(BYTES)));
        LabelledImage image = LabelledImage.decode(record(utf8(event), "content-type", "application/cloudevents+json; charset=UTF-8"));
        assertArrayEquals(BYTES, image.bytes());
        assertEquals("red apple", image.label());
        assertEquals(Split.PROBE, image.split());
    }

    @Test
    void anImageOfTheTopicsSizeFitsIntoAStructuredEvent() throws InvalidRecordException {
        byte[] large = new byte[20 << 20];
        String event = event("\"label\": \"cat\", \"data_base64\": \"" + Base64.getEncoder().encodeToString(large) + "\"");
        assertEquals(large.length,
                LabelledImage.decode(record(utf8(event), "content-type", "application/cloudevents+json")).bytes().length);
    }

    @Test
    void aStructuredEventRefersByDatarefOrByItsData() throws InvalidRecordException {
        String dataref = event("\"dataref\": \"%s\", \"size\": 1234, \"sha256\": \"%s\", \"label\": \"cat\"".formatted(SIGNED, DIGEST));
        ImageReference expected = new ImageReference(URI.create(SIGNED), OptionalLong.of(1234), Optional.of(DIGEST));
        assertEquals(Optional.of(expected), structured(dataref).reference());
        String data = event("\"datacontenttype\": \"text/uri-list\", \"data\": \"%s\\r\\n\", \"label\": \"cat\"".formatted(SIGNED));
        assertEquals(SIGNED, structured(data).reference().orElseThrow().uri().toString());
    }

    @Test
    void aBinaryEventHoldsTheImageOrRefersToIt() throws InvalidRecordException {
        LabelledImage here = LabelledImage.decode(binary(BYTES, "content-type", "image/jpeg", "ce_label", "cat", "ce_split", "train"));
        assertArrayEquals(BYTES, here.bytes());
        assertEquals(Split.TRAIN, here.split());
        for (byte[] value : new byte[][] {null, {}}) {
            ConsumerRecord<byte[], byte[]> record = binary(value, "ce_dataref", SIGNED, "ce_sha256", DIGEST, "ce_size", "9", "label",
                    "cat");
            assertTrue(ImageContent.mayBeElsewhere(record));
            LabelledImage elsewhere = LabelledImage.decode(record);
            assertEquals(new ImageReference(URI.create(SIGNED), OptionalLong.of(9), Optional.of(DIGEST)),
                    elsewhere.reference().orElseThrow());
            assertEquals(ImageIds.sha256(utf8(SIGNED)), elsewhere.imageId());
        }
        LabelledImage listed = LabelledImage.decode(binary(utf8(SIGNED), "content-type", "text/uri-list", "ce_label", "cat"));
        assertEquals(SIGNED, listed.reference().orElseThrow().uri().toString());
    }

    @Test
    void whatIsHereIsNotFetched() throws InvalidRecordException {
        LabelledImage image = LabelledImage.decode(binary(BYTES, "ce_dataref", SIGNED, "ce_label", "cat"));
        assertArrayEquals(BYTES, image.bytes());
        assertEquals(Optional.empty(), image.reference());
    }

    @Test
    void theHeaderLabelGoesBeforeTheEventsAttribute() throws InvalidRecordException {
        assertEquals("header", LabelledImage.decode(binary(BYTES, "ce_label", "attribute", "label", "header")).label());
    }

    @Test
    void whatIsNoEventIsRefusedWithoutQuotingIt() {
        Map<String, ConsumerRecord<byte[], byte[]>> broken = new TreeMap<>();
        String json = "application/cloudevents+json";
        broken.put("no JSON", record(utf8("{s3cr3t"), "content-type", json));
        broken.put("null", record(utf8("null"), "content-type", json));
        broken.put("no attributes", record(utf8("{\"data\": \"s3cr3t\"}"), "content-type", json));
        broken.put("unknown version", record(utf8(event("").replace("1.0", "s3cr3t")), "content-type", json));
        broken.put("deep", record(utf8(event("\"data\": " + "[".repeat(100_000))), "content-type", json));
        broken.put("bad Base64", record(utf8(event("\"data_base64\": \"s3cr3t!\"")), "content-type", json));
        broken.put("a batch", record(utf8("[" + event("") + "]"), "content-type", "application/cloudevents-batch+json"));
        broken.put("another format", record(BYTES, "content-type", "application/cloudevents+protobuf"));
        broken.put("binary without id", record(BYTES, "ce_specversion", "1.0", "ce_source", "s3cr3t"));
        broken.put("binary with a broken time", binary(BYTES, "ce_time", "s3cr3t"));
        broken.forEach((name, record) -> {
            record.headers().add("label", utf8("cat"));
            InvalidRecordException refused = refused(record);
            assertEquals(RejectionCode.MALFORMED_EVENT, refused.code(), name);
            assertFalse(refused.getMessage().contains("s3cr3t") || refused.getMessage().contains("\n"), refused.getMessage());
        });
    }

    @Test
    void anEventWithNothingInItHasNoValue() {
        ConsumerRecord<byte[], byte[]> without = binary(null, "label", "cat");
        assertEquals(RejectionCode.EMPTY_VALUE, refused(without).code());
        assertEquals(RejectionCode.EMPTY_VALUE,
                refused(record(utf8(event("\"label\": \"cat\"")), "content-type", "application/cloudevents+json")).code());
    }

    /** Its attributes may say where the image is kept. */
    @Test
    void anEventWithoutAValueErasesNothing() {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("t", 0, 0, utf8("id"), null);
        assertTrue(ImageErasure.isIn(record));
        record.headers().add("ce_specversion", utf8("1.0"));
        assertFalse(ImageErasure.isIn(record));
    }

    private static LabelledImage structured(String event) throws InvalidRecordException {
        return LabelledImage.decode(record(utf8(event), "content-type", "application/cloudevents+json"));
    }

    private static InvalidRecordException refused(ConsumerRecord<byte[], byte[]> record) {
        return assertThrows(InvalidRecordException.class, () -> LabelledImage.decode(record));
    }

    private static String event(String more) {
        return "{\"specversion\": \"1.0\", \"id\": \"1\", \"source\": \"/camera\", \"type\": \"org.example.image\"%s}"
                .formatted(more.isEmpty() ? "" : ", " + more);
    }

    private static ConsumerRecord<byte[], byte[]> binary(byte[] value, String... headers) {
        ConsumerRecord<byte[], byte[]> record = record(value, headers);
        record.headers().add("ce_specversion", utf8("1.0")).add("ce_id", utf8("1")).add("ce_source", utf8("/camera")).add("ce_type",
                utf8("org.example.image"));
        return record;
    }

    /** Without a key; names and values of headers in turn. */
    private static ConsumerRecord<byte[], byte[]> record(byte[] value, String... headers) {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("t", 0, 0, null, value);
        for (int i = 0; i < headers.length; i += 2) {
            record.headers().add(headers[i], utf8(headers[i + 1]));
        }
        return record;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

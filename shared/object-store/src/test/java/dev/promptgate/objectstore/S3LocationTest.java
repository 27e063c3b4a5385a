package dev.promptgate.objectstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3LocationTest {
    @ParameterizedTest
    @CsvSource({
            "bus/1.jpg, bus/1.jpg", "red apple/1.jpg, red%20apple/1.jpg", "a+b.jpg, a%2Bb.jpg", "50%.jpg, 50%25.jpg",
            "50%20.jpg, 50%2520.jpg", "what?.jpg, what%3F.jpg", "#1.jpg, %231.jpg", "é/日.jpg, %C3%A9/%E6%97%A5.jpg",
            "e\u0301.jpg, e%CC%81.jpg", "back\\slash.jpg, back%5Cslash.jpg", "a//b.jpg, a//b.jpg", "/a.jpg, /a.jpg",
            "..a/b...jpg, ..a/b...jpg",
            "folder/, folder/"})
    void aKeyIsWrittenAsItIsOrAsAUri(String key, String path) {
        S3Location raw = S3Location.parse("s3://photos/" + key);
        assertEquals(new S3Location("photos", key), raw);
        assertEquals("s3://photos/" + key, raw.toString());
        assertEquals(URI.create("s3://photos/" + path), raw.uri());
        assertEquals(raw, S3Location.of(raw.uri()));
    }

    @Test
    void aUriMayLeaveUnencodedWhatMeansNothingElse() {
        assertEquals("a+é/(1).jpg", S3Location.of(URI.create("s3://photos/a+é/(1).jpg")).key());
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3://photos", "s3://photos/", "S3://photos/"})
    void aBucketMayStandAlone(String text) {
        assertEquals(new S3Location("photos", ""), S3Location.parse(text));
        assertEquals(new S3Location("photos", ""), S3Location.of(URI.create(text)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ab", "Photos", "my_photos", "-photos", "photos-", "pho..tos", "192.168.0.1", "user@photos", "photos:443", ""})
    void whatIsNoBucketsNameIsRefused(String bucket) {
        String message = assertThrows(IllegalArgumentException.class, () -> S3Location.parse("s3://" + bucket + "/a.jpg")).getMessage();
        assertEquals("A bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens; correct it [bucket: " + bucket + "]",
                message);
        assertThrows(IllegalArgumentException.class, () -> S3Location.parse("s3://" + "a".repeat(64) + "/a.jpg"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../a.jpg", "a/../b.jpg", "a/..", "./a.jpg", "a\nb.jpg", "a\u0000b.jpg", "a\u0085b.jpg", "\uD800.jpg",
            "a\uFFFDb.jpg"})
    void keysThatMeanSomethingElseSomewhereAreRefused(String key) {
        String message = assertThrows(IllegalArgumentException.class, () -> S3Location.parse("s3://photos/" + key)).getMessage();
        assertTrue(message.startsWith("The key ") && message.contains("[bucket: photos, key: ") && message.lines().count() == 1, message);
    }

    @Test
    void keysAreAtMost1024Bytes() {
        assertEquals(1024, new S3Location("photos", "é".repeat(512)).key().length() * 2);
        assertThrows(IllegalArgumentException.class, () -> new S3Location("photos", "é".repeat(512) + "a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3://photos/a.jpg?versionId=1", "s3://photos/a.jpg#1", "s3:///a.jpg", "s3:a.jpg", "https://photos/a.jpg",
            "s3://u:p@photos/a.jpg", "s3://photos/%2e%2e/a.jpg", "s3://photos/%00.jpg", "s3://photos/%FF.jpg"})
    void otherUrisAreRefused(String uri) {
        assertThrows(IllegalArgumentException.class, () -> S3Location.of(URI.create(uri)));
    }

    @Test
    void filesAreNotMeant() {
        assertFalse(S3Location.isMeant("s3/photos"));
        assertTrue(S3Location.isMeant("s3://"));
        assertThrows(IllegalArgumentException.class, () -> S3Location.parse("photos/"));
    }
}

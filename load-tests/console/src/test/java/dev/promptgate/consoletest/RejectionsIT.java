package dev.promptgate.consoletest;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** What the encoder refuses comes to the page while it is open. */
@ConsoleTest
class RejectionsIT {
    private static final String MARKUP = "<img src=x onerror=alert(1)>";

    @Test
    void markupInTheStreamStaysText(ConsoleOnDemo console) throws Exception {
        assumeTrue(console.startedHere(), "its Kafka is not known");
        try (Visit visit = console.openFilled(ConsoleOnDemo.LAPTOP, ColorScheme.LIGHT, null)) {
            push(console, MARKUP, "no picture".getBytes(StandardCharsets.UTF_8), "<b>bold</b>");
            Locator row = visit.find(".rejections li:has-text('%s')".formatted(MARKUP));
            assertThat(row).containsText("not-an-image");
            assertThat(row).containsText("<b>bold</b>");
            assertThat(row.locator("img")).hasCount(0);
            assertThat(row.locator("b")).hasCount(0);
            visit.screenshot("rejected");
        }
    }

    @Test
    void anImageWithoutALabelIsShown(ConsoleOnDemo console) throws Exception {
        assumeTrue(console.startedHere(), "its Kafka is not known");
        try (Visit visit = console.openFilled(ConsoleOnDemo.PHONE, ColorScheme.DARK, null)) {
            push(console, "nobody-said-what", Files.readAllBytes(ConsoleOnDemo.image()), null);
            Locator row = visit.find(".rejections li:has-text('nobody-said-what')");
            assertThat(row).containsText("missing-label");
            row.scrollIntoViewIfNeeded();
            visit.page().waitForCondition(() -> ((Number) row.locator("img").evaluate("image => image.naturalWidth")).intValue() > 0);
            row.locator("button").click();
            assertTrue(visit.find(".dialog-image").boundingBox().width > 100);
            assertThat(visit.find("#image-dialog-body")).containsText("missing-label");
        }
    }

    private static void push(ConsoleOnDemo console, String id, byte[] value, String label) throws Exception {
        ByteArraySerializer bytes = new ByteArraySerializer();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, console.bootstrapServers()), bytes, bytes)) {
            ProducerRecord<byte[], byte[]> image = new ProducerRecord<>("labelled-images", id.getBytes(StandardCharsets.UTF_8), value);
            if (label != null) {
                image.headers().add("label", label.getBytes(StandardCharsets.UTF_8));
            }
            producer.send(image).get();
        }
    }
}

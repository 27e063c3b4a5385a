package dev.promptgate.learner.update;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.promptgate.learner.config.LearnerMeters;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.record.Split;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FeatureOriginsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final FeatureOrigins origins = new FeatureOrigins(new LearnerMeters(registry, "default"));

    @Test
    void encodersOfOneKindAreOneWhateverTheyEncode() {
        assertEquals(0, kinds());
        take("sha256:float32");
        take("sha256:float32");
        assertEquals(1, kinds());
    }

    @Test
    void eachFurtherKindIsCountedOnce() {
        take("sha256:float32");
        take("sha256:bfloat16");
        take("sha256:float32");
        assertEquals(2, kinds());
        take("");
        assertEquals(3, kinds(), "older encoders do not say");
    }

    private void take(String fingerprint) {
        origins.take(new ImageFeature("id", "cat", Split.TRAIN, "m", new float[] {1}, 7, new SourcePosition(0, 0),
                new ImageFeature.ImageFile("", Optional.empty(), fingerprint)));
    }

    private double kinds() {
        return registry.get(LearnerMeters.IMAGE_FINGERPRINTS.name()).gauge().value();
    }
}

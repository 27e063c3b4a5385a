package dev.promptgate.console.config;

import dev.promptgate.clip.image.ImageLimits;
import dev.promptgate.clip.memory.DecodeMemory;
import dev.promptgate.service.settings.KafkaSettings;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsGroup;
import dev.promptgate.service.settings.SettingsValues;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

public record ConsoleSettings(SettingsValues values) {
    public static final SettingsGroup ALL = new SettingsGroup();

    public static final Setting<String> HOST = ALL.add(Setting.text("console.host", "127.0.0.1",
            "address that the page is served on; whoever reaches it sees the labelled images in small, so mind what you put before it"));
    public static final Setting<Integer> PORT = ALL.add(Setting.integer("console.port", 8081, "port of the page; 0 takes any")
            .must("lie between 0 and 65535", port -> port >= 0 && port <= 65_535));
    public static final Setting<String> CLASSIFIER_URL = ALL.add(Setting
            .text("console.classifier-url", "",
                    "address of a classifier, e.g. `http://127.0.0.1:8080`, that images dropped on the page go to; empty leaves that out")
            .must("be an http or https address without a path", url -> url.isEmpty() || address(url).isPresent()));
    public static final Setting<Duration> CLASSIFIER_TIMEOUT = ALL
            .add(Setting.duration("console.classifier-timeout", Duration.ofSeconds(10), "how long the classifier may take"));
    public static final Setting<Integer> MAX_CLIENTS = ALL.add(Setting
            .integer("console.max-clients", 200, "pages that are kept up to date at once; a further one is refused")
            .must("be positive", n -> n > 0));
    public static final Setting<Integer> MAX_PIXELS = ALL.add(Setting
            .integer("console.max-pixels", (int) ImageLimits.DEFAULT.maxPixels(),
                    "largest image, width × height, that a thumbnail is made of; refused from its header")
            .must("be positive", n -> n > 0));
    public static final Setting<String> ENCODER_GROUP = ALL.add(Setting.text("console.encoder-group", "promptgate-encoder",
            "`encoder.group` of the encoders whose lag is shown"));
    public static final Setting<String> EVALUATOR_GROUP = ALL.add(Setting.text("console.evaluator-group", "",
            "`evaluator.transactional-id` of the evaluator whose lag is shown; empty takes the one from the prompt's name"));

    private static final Duration DECODING_PATIENCE = Duration.ofSeconds(10);

    /** Where images go to be classified, if anywhere. */
    public Optional<URI> classifier() {
        return address(values.get(CLASSIFIER_URL));
    }

    private static Optional<URI> address(String url) {
        try {
            URI uri = new URI(url);
            boolean isWhole = List.of("http", "https").contains(String.valueOf(uri.getScheme())) && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/")) && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
            return isWhole ? Optional.of(uri) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** What an image may ask for that a thumbnail is made of, and out of whose memory. */
    public ImageLimits imageLimits(DecodeMemory memory) {
        return new ImageLimits(values.get(MAX_PIXELS), maxImageBytes(), memory.waitingAtMost(DECODING_PATIENCE));
    }

    public int maxImageBytes() {
        return values.get(KafkaSettings.MAX_IMAGE_BYTES);
    }

    public String prompt() {
        return values.get(PromptSettings.NAME);
    }

    /** Consumer group of the encoders. */
    public String encoderGroup(String topicPrefix) {
        return topicPrefix + values.get(ENCODER_GROUP);
    }

    /** Group that holds the learner's checkpoint. */
    public String learnerGroup(String topicPrefix) {
        return topicPrefix + "promptgate-learner-" + prompt();
    }

    /** Group that holds the evaluator's checkpoint. */
    public String evaluatorGroup(String topicPrefix) {
        String group = values.get(EVALUATOR_GROUP);
        return group.isEmpty() ? topicPrefix + "promptgate-evaluator-" + prompt() : group;
    }
}

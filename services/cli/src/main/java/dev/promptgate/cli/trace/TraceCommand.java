package dev.promptgate.cli.trace;

import dev.promptgate.cli.command.CommonOptions;
import dev.promptgate.cli.command.KafkaFailure;
import dev.promptgate.cli.command.PromptgateCommand;
import dev.promptgate.cli.trace.TimelineBuilder.Timeline;
import dev.promptgate.encoder.config.EncoderSettings;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.settings.Durations;
import dev.promptgate.service.settings.KafkaSettings;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "trace", mixinStandardHelpOptions = true, description = "Follows one image through the topics: when it came, what "
        + "was written of it, which prompt was first learned with it there, its verdict, and what is live.", footer = {
                "", "Examples:", "  promptgate trace 'red apple/1.jpg'",
                "  promptgate trace $(sha256sum img1.jpg | cut -d' ' -f1)      an image sent without a key",
                "  promptgate trace img1 --json --since 2h",
                "",
                "labelled-images is read as a whole, image bytes and all, since a record can be in any partition; --since spares what came "
                        + "before. Nothing is written.",
                "The exit code is 1 if there is no trace of the image, or time ran out."})
public final class TraceCommand extends PromptgateCommand {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    @Parameters(index = "0", paramLabel = "ID", description = "the image id: the record's key; without a key the SHA-256 of the "
            + "bytes, a binary key in hexadecimal")
    private String id;

    @Option(names = "--json", description = "one JSON object")
    private boolean json;

    @Option(names = "--timeout", paramLabel = "DURATION", defaultValue = "2m", description = "how long the topics may be read; what "
            + "was found by then is shown. Default: ${DEFAULT-VALUE}")
    private String timeout;

    @Option(names = "--since", paramLabel = "DURATION", description = "how far back labelled-images and rejected-images are read, "
            + "like 30m or 12h; default: all there is")
    private String since;

    @Override
    public Integer call() throws InterruptedException {
        SettingsValues values = common.resolve();
        long from = since == null ? 0 : System.currentTimeMillis() - duration("--since", since).toMillis();
        TopicNames topics = CommonOptions.topics(values);
        ImageTrace.Request request = new ImageTrace.Request(id, values.get(PromptSettings.NAME),
                new EncoderSettings(values).group(topics.prefix()), from, duration("--timeout", timeout));
        Timeline timeline;
        try {
            timeline = new ImageTrace(CommonOptions.clients(values), topics, request).follow();
        } catch (KafkaException e) {
            throw new IllegalStateException(KafkaFailure.explain(e, "bootstrap servers: " + values.get(KafkaSettings.BOOTSTRAP_SERVERS)),
                    e);
        }
        if (json) {
            out().println(timeline.json());
        } else {
            print(timeline);
        }
        return timeline.isFound() && timeline.isComplete() ? 0 : 1;
    }

    private static Duration duration(String option, String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("%s: %s [found: %s]".formatted(option, e.getMessage(), text), e);
        }
    }

    private void print(Timeline timeline) {
        PrintWriter out = out();
        out.printf("%s%n", Quoted.of(timeline.id(), 512));
        int width = timeline.events().stream().mapToInt(event -> event.position().length()).max().orElse(0);
        for (TraceEvent event : timeline.events()) {
            out.printf("  %s  %-11s  %-" + width + "s  %s%n", TIME.format(Instant.ofEpochMilli(event.time())), event.stage().wireName(),
                    event.position(), event.what());
        }
        out.printf("  %s%n", timeline.state());
        timeline.notes().forEach(note -> out.printf("  note: %s%n", note));
    }
}

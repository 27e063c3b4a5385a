package dev.promptgate.cli.produce;

import dev.promptgate.cli.command.CommonOptions;
import dev.promptgate.cli.command.KafkaFailure;
import dev.promptgate.cli.command.PromptgateCommand;
import dev.promptgate.cli.command.TopicsCommand;
import dev.promptgate.cli.produce.ReadAhead.Turn;
import dev.promptgate.experiments.data.DataException;
import dev.promptgate.experiments.data.Listing;
import dev.promptgate.experiments.exports.Export;
import dev.promptgate.experiments.exports.ExportFormat;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.record.WireName;
import dev.promptgate.objectstore.S3Location;
import dev.promptgate.objectstore.S3Store;
import dev.promptgate.objectstore.S3StoreException;
import dev.promptgate.service.settings.KafkaSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "produce", mixinStandardHelpOptions = true, description = "Pushes labelled images to the topic labelled-images, with a "
        + "progress bar.", footer = {
                "",
                "DIR and MANIFEST are what 'promptgate compare --data' takes. DIR holds a folder per class, named as the class, alone or "
                        + "below train/ and test/. MANIFEST is separated by tabs, commas or semicolons; its first line names the "
                        + "columns file and label, and may name split and id; files are relative to it. Links are followed; what is "
                        + "hidden or no image by its name is left out, and counted.",
                "",
                "s3://BUCKET/FOLDER is read as a DIR is; the key is written as it is, nothing in it is decoded. The settings s3.* say "
                        + "where S3 is and who asks.",
                "",
                "EXPORT, with --format, is what a labelling tool exported: coco, a JSON file; cvat, \"CVAT for images 1.1\" as a ZIP, the "
                        + "unpacked folder or its annotations.xml; label-studio, JSON or JSON-MIN. An image is pushed if it has one label; "
                        + "the label of the whole image goes before that of boxes and other shapes. Files are looked for beside EXPORT and "
                        + "in images/ there, or below --image-root, and nowhere else.",
                "",
                "An image's id is its path below DIR or FOLDER, or as MANIFEST has it: pushed again, it takes its own place. Two folders "
                        + "whose files have the same names, as cameras number them, need an --id-prefix each.",
                "", "Examples:", "  promptgate produce photos/ --bootstrap-servers kafka:9092",
                "  promptgate produce photos/manifest.tsv --rate 100",
                "  promptgate produce monday/ --id-prefix monday/", "  promptgate produce --sample --rate 50",
                "  promptgate produce s3://photos/animals/ --set s3.endpoint=http://minio:9000 --set s3.path-style=true",
                "  promptgate produce --format cvat task.zip",
                "  promptgate produce --format coco annotations/instances_val2017.json",
                "  promptgate produce --format label-studio project-1.json --image-root media/upload/1",
                "",
                "An image that is missing, too large, out of reach, or whose name or label cannot be used is named and skipped; the exit "
                        + "code is 1 then."})
public final class ProduceCommand extends PromptgateCommand {
    private static final long SAMPLE_SEED = 1; // the demo's default

    private static final class Source {
        @Parameters(index = "0", paramLabel = "DIR|MANIFEST|EXPORT|s3://BUCKET/FOLDER", description = "the images")
        private String path;

        @Option(names = "--sample", required = true, description = "the bundled sample stream, as the demo plays it: 60 classes first, "
                + "then five waves of 8 newly labelled ones; 20 probe classes")
        private boolean sample;
    }

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Source source;

    @Option(names = "--format", paramLabel = "coco|cvat|label-studio", description = "the images are a labelling tool's export")
    private String format;

    @Option(names = "--image-root", paramLabel = "DIR", description = "where the files lie that MANIFEST or EXPORT names, if not beside it")
    private Path imageRoot;

    @Option(names = "--split", paramLabel = "train|held-out|probe", description = "for all images that name none; default: a stable "
            + "hash of the id holds out 1 in 5")
    private String split;

    @Option(names = "--id-prefix", paramLabel = "PREFIX", defaultValue = "", description = "put before every id")
    private String idPrefix;

    @Option(names = "--by-reference", description = "push where each image is (file:///… or s3://…), not its bytes, which then may be "
            + "more than a record takes. The encoder fetches them, if its references.file-roots or references.s3-buckets list the place, "
            + "and rejects them otherwise")
    private boolean byReference;

    @Option(names = "--rate", paramLabel = "N", description = "at most N images per second")
    private double rate = Double.POSITIVE_INFINITY;

    private long skipped;
    private final AtomicLong pushed = new AtomicLong();
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    /** @throws IllegalArgumentException if options do not go together; the message is one line */
    private void check() {
        if (!(rate > 0)) {
            throw new IllegalArgumentException("--rate must be positive [rate: " + rate + "]");
        }
        if (source.sample && (byReference || format != null || imageRoot != null)) {
            throw new IllegalArgumentException("--sample has its own images; leave out --by-reference, --format and --image-root");
        }
        if (!source.sample && S3Location.isMeant(source.path) && (format != null || imageRoot != null)) {
            throw new IllegalArgumentException("Exports and manifests are read from files; leave out --format and --image-root");
        }
    }

    @Override
    public Integer call() throws DataException, IOException, InterruptedException {
        SettingsValues values = common.resolve();
        Split chosen = split == null ? null : WireName.parse(Split.class, split).orElseThrow(() -> new IllegalArgumentException(
                "--split must be train, held-out or probe [split: " + split + "]"));
        check();
        Optional<Path> root = Optional.ofNullable(imageRoot);
        if (source.sample) {
            push(PushedImage.sample(SAMPLE_SEED, idPrefix), values);
        } else if (format != null) {
            try (Export export = ExportFormat.named(format).read(Path.of(source.path), root)) {
                export.skipped().forEach(image -> skip(image.why(), image.id()));
                push(images(export.listing(), chosen), values);
            }
        } else if (S3Location.isMeant(source.path)) {
            S3Location folder = S3Location.parse(source.path);
            try (S3Store store = S3Store.open(values)) {
                S3Folder found = S3Folder.read(store, folder);
                found.refused().forEach(this::skip);
                push(images(found.listing(), chosen), values);
            }
        } else {
            push(images(Listing.read(Path.of(source.path), root), chosen), values);
        }
        out().printf("pushed %d, skipped %d%n", pushed.get(), skipped);
        return skipped == 0 ? 0 : 1;
    }

    private List<PushedImage> images(Listing listing, Split other) {
        listing.notes().forEach(note -> err().println("promptgate: " + note));
        listing.unnamed().forEach(name -> skip("its name is not UTF-8", name));
        return listing.images().stream().map(image -> PushedImage.of(image, idPrefix, other, byReference)).toList();
    }

    private void skip(String why, String file) {
        skip("%s [file: %s]".formatted(why, file));
    }

    private void skip(String why) {
        err().println("promptgate: skipped, " + why);
        skipped++;
    }

    private void push(List<PushedImage> images, SettingsValues values) throws IOException, InterruptedException {
        String topic = CommonOptions.topics(values).labelledImages();
        TopicsCommand.requireTopic(values, topic);
        ProgressBarBuilder bar = new ProgressBarBuilder().setTaskName("images").setInitialMax(images.size()).setUpdateIntervalMillis(250);
        try (KafkaProducer<byte[], byte[]> producer = KafkaFailure.creating(
                () -> new KafkaProducer<>(new HashMap<>(CommonOptions.clients(values).producer())));
                ReadAhead ahead = new ReadAhead(images, topic, values.get(KafkaSettings.MAX_IMAGE_BYTES));
                ProgressBar progress = bar.build()) {
            push(ahead, producer, progress);
            producer.flush();
        }
        if (failure.get() != null) {
            throw new IOException(KafkaFailure.explain(failure.get(), "topic: " + topic, "pushed before: " + pushed.get()), failure.get());
        }
    }

    private void push(ReadAhead ahead, KafkaProducer<byte[], byte[]> producer, ProgressBar progress)
            throws IOException, InterruptedException {
        long began = System.nanoTime();
        for (int sent = 1; ahead.hasNext() && failure.get() == null; sent++) {
            Turn turn = ahead.next();
            try {
                producer.send(turn.record(), this::onSent);
                pace(began, sent);
            } catch (IOException e) {
                if (e.getCause() instanceof S3StoreException store && store.kind() == S3StoreException.Kind.UNAVAILABLE) {
                    producer.flush();
                    throw new IOException("%s [pushed before: %d]".formatted(store.getMessage(), pushed.get()), store);
                }
                skip(e.getMessage(), turn.image().name());
            }
            progress.step();
        }
    }

    private void onSent(RecordMetadata sent, Exception e) {
        if (e == null) {
            pushed.incrementAndGet();
        } else {
            failure.compareAndSet(null, e);
        }
    }

    private void pace(long began, int sent) {
        if (Double.isFinite(rate)) {
            long due = began + (long) (sent * 1e9 / rate);
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
        }
    }
}

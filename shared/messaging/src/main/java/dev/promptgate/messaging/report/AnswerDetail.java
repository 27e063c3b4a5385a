package dev.promptgate.messaging.report;

import com.fasterxml.jackson.annotation.JsonFormat;
import dev.promptgate.messaging.record.WireName;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Class by class of the live prompt, and image by image where a candidate changes the answer, in the joint label space. These parts grow
 * with classes and images, so each is cut at a number of entries and of bytes, which leaves most of the topic's 1 MiB to the rest.
 */
public record AnswerDetail(Optional<Changed> changed, Optional<ClassTable> classes, Set<Part> cut) {
    public static final AnswerDetail NONE = new AnswerDetail(Optional.empty(), Optional.empty(), Set.of());

    private static final int MOST_CHANGED = 50;
    private static final int CHANGED_BYTES = 32 << 10;
    private static final int CLASSES_BYTES = 64 << 10;
    private static final int MOST_CELLS = 5000;
    private static final int CELLS_BYTES = 160 << 10;

    public enum Part implements WireName {
        CHANGED, PER_CLASS, CONFUSION;

        /** The key that the part has in the report. */
        @Override
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The images whose answer is right with one of the prompts alone, the newest first, as far as they found room: lost with the candidate,
     * and won. A total is null where it is not told.
     */
    public record Changed(Integer lostTotal, Integer wonTotal, List<ChangedImage> lost, List<ChangedImage> won) {
        public Changed {
            lost = List.copyOf(lost);
            won = List.copyOf(won);
        }

        /** Of all images that changed their answer; they may not all find room. */
        public static Changed of(List<ChangedImage> lost, List<ChangedImage> won) {
            return new Changed(lost.size(), won.size(), lost, won);
        }
    }

    /** An image and what it is taken for; partition and offset are those of labelled-images. */
    public record ChangedImage(String id, String label, String liveAnswer, String candidateAnswer, int partition, long offset) {}

    /**
     * What the images of each class are taken for: the classes that have images, the worst first; the pairs that occur, right answers
     * included, the most frequent first.
     */
    public record ClassTable(List<ClassRow> perClass, List<ConfusionCell> confusion) {
        public ClassTable {
            perClass = List.copyOf(perClass);
            confusion = List.copyOf(confusion);
        }
    }

    /** How many images of a class are taken for what they are. */
    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    public record ClassRow(String name, boolean isSeen, int right, int total) {}

    /** How many images of a class are taken for a class, maybe itself. */
    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    public record ConfusionCell(String label, String answer, int images) {}

    /** Of everything there is to tell, as much as a report has room for. */
    public static AnswerDetail cut(Optional<Changed> changed, ClassTable classes) {
        Set<Part> cut = EnumSet.noneOf(Part.class);
        Optional<Changed> fitting = changed.map(all -> new Changed(all.lostTotal(), all.wonTotal(),
                fit(all.lost(), MOST_CHANGED, CHANGED_BYTES, Part.CHANGED, cut),
                fit(all.won(), MOST_CHANGED, CHANGED_BYTES, Part.CHANGED, cut)));
        ClassTable table = new ClassTable(fit(classes.perClass(), Integer.MAX_VALUE, CLASSES_BYTES, Part.PER_CLASS, cut),
                fit(classes.confusion(), MOST_CELLS, CELLS_BYTES, Part.CONFUSION, cut));
        return new AnswerDetail(fitting, Optional.of(table), cut);
    }

    /** The first entries, as many as there is room for; notes down which part is cut. */
    private static <T> List<T> fit(List<T> entries, int most, int maxBytes, Part part, Set<Part> cut) {
        List<T> fitting = ReportJson.fitting(entries, most, maxBytes);
        if (fitting.size() < entries.size()) {
            cut.add(part);
        }
        return fitting;
    }
}

package dev.promptgate.experiments.data;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An image as a source lists it; whether it is there and an image shows when it is read. No split: the source does not say. */
public record ListedImage(String id, String label, Optional<ListedSplit> split, ImageLocation location) {
    /** What a source says that an image is for, by the names that people give to columns and folders, in whatever case. */
    public enum ListedSplit {
        TRAIN("train", "training"),
        HELD_OUT("test", "testing", "held-out", "held_out", "heldout"), //
        /** Left out where there are test images, which it stands for where there are none. */
        VALIDATION("val", "valid", "validation", "dev"),
        /** Of a class that is never trained. */
        PROBE("probe");

        private final List<String> names;

        ListedSplit(String... names) {
            this.names = List.of(names);
        }

        public static Optional<ListedSplit> named(String name) {
            return Arrays.stream(values()).filter(split -> split.names.contains(name.toLowerCase(Locale.ROOT))).findFirst();
        }
    }

    ListedImage with(ListedSplit other) {
        return new ListedImage(id, label, Optional.of(other), location);
    }
}

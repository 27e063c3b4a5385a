package dev.promptgate.experiments.exports;

import java.util.Set;
import java.util.TreeSet;

/** The labels that an export gives one image, for the whole of it and for shapes drawn in it. */
record Labels(Set<String> ofImage, Set<String> ofShapes) {
    Labels() {
        this(new TreeSet<>(), new TreeSet<>());
    }

    /** Those of the whole image or, without any, those of its shapes. */
    Set<String> deciding() {
        return ofImage.isEmpty() ? ofShapes : ofImage;
    }

    void addAll(Labels others) {
        ofImage.addAll(others.ofImage);
        ofShapes.addAll(others.ofShapes);
    }
}

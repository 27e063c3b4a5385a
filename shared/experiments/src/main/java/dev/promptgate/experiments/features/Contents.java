package dev.promptgate.experiments.features;

import dev.promptgate.experiments.data.DataException;
import dev.promptgate.experiments.data.ExperimentImage;
import dev.promptgate.experiments.data.ExperimentImage.DataPart;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Images by content: those of the same bytes are one content, whose views are encoded once.
 *
 * @param ofImage SHA-256 of each image's file, in the images' order
 * @param views distinct views, by content and rising index; augmented ones only where a training image has the content
 * @param first an image that has the content
 */
record Contents(List<String> ofImage, Map<String, List<View>> views, Map<String, ExperimentImage> first) {
    static Contents of(List<ExperimentImage> images, List<String> hashes, int augmentedViews) {
        Map<String, List<View>> views = new LinkedHashMap<>();
        Map<String, ExperimentImage> first = new HashMap<>();
        for (int i = 0; i < images.size(); i++) {
            String content = hashes.get(i);
            first.putIfAbsent(content, images.get(i));
            List<View> known = views.computeIfAbsent(content, key -> new ArrayList<>());
            int last = images.get(i).part() == DataPart.TRAIN ? augmentedViews : 0;
            while (known.size() <= last) {
                known.add(new View(content, known.size()));
            }
        }
        return new Contents(hashes, views, first);
    }

    /** A line that names the test images whose bytes are those of a training image, if there are any. */
    Optional<String> shared(List<ExperimentImage> images) {
        Set<String> trained = indices(images, DataPart.TRAIN).map(ofImage::get).collect(Collectors.toSet());
        List<String> shared = indices(images, DataPart.TEST).filter(i -> trained.contains(ofImage.get(i))).map(i -> images.get(i).id())
                .toList();
        return shared.isEmpty() ? Optional.empty()
                : Optional.of("Test images are copies of training images, which flatters the accuracy [images: "
                        + DataException.counted(shared) + "]");
    }

    private static Stream<Integer> indices(List<ExperimentImage> images, DataPart part) {
        return IntStream.range(0, images.size()).filter(i -> images.get(i).part() == part).boxed();
    }
}

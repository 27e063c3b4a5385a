package dev.promptgate.experiments.exports;

import dev.promptgate.experiments.data.DataException;
import dev.promptgate.experiments.data.ListedImage.ListedSplit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * COCO: an image's label is the name of the category of its annotations, boxes and crowds alike. Its id is its file name. A file that is
 * named {@code instances_<split>.json}, maybe with a year, says what its images are for, and that they may lie in a folder of that name.
 */
final class CocoExport {
    /** An image and what refers to it, which may stand before it; no file: an annotation's alone. */
    private static final class Image {
        private String file;
        private final Set<String> categories = new TreeSet<>();
    }

    private static final Pattern INSTANCES = Pattern.compile("instances_(([A-Za-z_-]+?)\\d*)\\.json");

    private final Map<String, Image> images = new LinkedHashMap<>();
    private final Map<String, String> categories = new HashMap<>();
    private JsonExport json;

    private CocoExport() {}

    static Export read(Path file, Optional<Path> imageRoot) throws DataException {
        CocoExport export = new CocoExport();
        JsonExport.read(file, export::read);
        return export.gathered(file, ImageFolders.of(file, imageRoot));
    }

    private void read(JsonExport from) throws IOException, DataException {
        json = from;
        Set<String> found = new TreeSet<>();
        json.fields(name -> {
            switch (name) {
                case "images" -> json.elements(this::image);
                case "annotations" -> json.elements(this::annotation);
                case "categories" -> json.elements(this::category);
                default -> {
                    return;
                }
            }
            found.add(name);
        });
        if (found.size() < 3) {
            throw json.refused("A COCO file has the lists images, annotations and categories; found: " + found);
        }
    }

    private void image() throws IOException, DataException {
        Map<String, String> fields = fields("id", "file_name");
        Image image = images.computeIfAbsent(required(fields, "id", "An image"), id -> new Image());
        if (image.file != null) {
            throw json.refused("Two images have the same id; export them again, each once");
        }
        image.file = required(fields, "file_name", "An image");
    }

    private void annotation() throws IOException, DataException {
        Map<String, String> fields = fields("image_id", "category_id");
        images.computeIfAbsent(required(fields, "image_id", "An annotation"), id -> new Image()).categories
                .add(required(fields, "category_id", "An annotation"));
    }

    private void category() throws IOException, DataException {
        Map<String, String> fields = fields("id", "name");
        String name = required(fields, "name", "A category").strip();
        String other = categories.put(required(fields, "id", "A category"), name);
        if (other != null && !other.equals(name)) {
            throw json.refused("Two categories have the same id; export them again, each once");
        }
    }

    private Map<String, String> fields(String... wanted) throws IOException, DataException {
        Map<String, String> fields = new HashMap<>();
        Set<String> names = Set.of(wanted);
        json.fields(name -> {
            if (names.contains(name)) {
                fields.put(name, json.scalar());
            }
        });
        return fields;
    }

    private String required(Map<String, String> fields, String name, String of) throws DataException {
        String value = fields.get(name);
        if (value == null || value.isBlank()) {
            throw json.refused("%s has no %s; export instances, not captions or panoptic segments".formatted(of, name));
        }
        return value;
    }

    private Export gathered(Path file, ImageFolders folders) throws DataException {
        Matcher named = INSTANCES.matcher(file.getFileName().toString());
        Optional<String> part = named.matches() ? Optional.of(named.group(1)) : Optional.empty();
        Optional<ListedSplit> split = part.flatMap(name -> ListedSplit.named(named.group(2)));
        Gathering gathering = new Gathering(file);
        List<String> unlisted = new ArrayList<>();
        for (Map.Entry<String, Image> entry : images.entrySet()) {
            Image image = entry.getValue();
            if (image.file == null) {
                unlisted.add(entry.getKey());
                continue;
            }
            Set<String> labels = labels(image, file);
            if (gathering.hasOneLabel(image.file, labels)) {
                List<String> names = part.map(folder -> List.of(folder + "/" + image.file, image.file)).orElse(List.of(image.file));
                gathering.add(image.file.replace('\\', '/'), labels.iterator().next(), split, folders.locate(names));
            }
        }
        return gathering.export(unlisted.isEmpty() ? List.of()
                : List.of("Annotations of images that the export does not list are left out [data: %s, image ids: %s]".formatted(file,
                        DataException.counted(unlisted))),
                () -> {});
    }

    private Set<String> labels(Image image, Path file) throws DataException {
        Set<String> labels = new TreeSet<>();
        for (String category : image.categories) {
            String name = categories.get(category);
            if (name == null) {
                throw new DataException("An annotation has a category that the export does not list; export it again"
                        + " [file: %s, image: %s, category id: %s]".formatted(file, image.file, category));
            }
            labels.add(name);
        }
        return labels;
    }
}

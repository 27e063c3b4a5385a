package dev.promptgate.experiments.exports;

import dev.promptgate.experiments.data.DataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Label Studio's JSON and JSON-MIN: a list of tasks, of which one at a time is in memory. An image's label is the choice of its
 * annotations, all that were not cancelled, or without any the label of its regions. Predictions do not count.
 */
final class LabelStudioExport {
    private record Task(LabelStudioImage image, Labels labels) {}

    private final Map<String, Task> tasks = new LinkedHashMap<>();

    private LabelStudioExport() {}

    static Export read(Path file, Optional<Path> imageRoot) throws DataException {
        LabelStudioExport export = new LabelStudioExport();
        JsonExport.read(file, export::read);
        return export.gathered(file, ImageFolders.of(file, imageRoot));
    }

    private void read(JsonExport json) throws IOException, DataException {
        json.elements(() -> {
            LabelStudioTask task = new LabelStudioTask(json.tree());
            LabelStudioImage image = task.image()
                    .orElseThrow(() -> json.refused("A task names no image; the field of its data must be called image"));
            Task added = tasks.computeIfAbsent(task.id(image), id -> new Task(image, new Labels()));
            if (!added.image().equals(image)) {
                throw json.refused("Two tasks have the same id and different images; export one project at a time");
            }
            added.labels().addAll(task.labels());
        });
    }

    private Export gathered(Path file, ImageFolders folders) throws DataException {
        Map<String, Integer> uses = new HashMap<>();
        tasks.values().stream().map(Task::image).distinct().flatMap(image -> image.original().stream())
                .forEach(name -> uses.merge(name, 1, Integer::sum));
        Gathering gathering = new Gathering(file);
        for (Map.Entry<String, Task> entry : tasks.entrySet()) {
            LabelStudioImage image = entry.getValue().image();
            Set<String> labels = entry.getValue().labels().deciding();
            if (!gathering.hasOneLabel(entry.getKey(), labels)) {
                continue;
            }
            if (image.isUrl()) {
                gathering.skip(entry.getKey(), "its image is at a URL and in no file; download it and name the file in the export");
            } else {
                List<String> names = new ArrayList<>(image.names());
                image.original().filter(name -> uses.get(name) == 1).ifPresent(names::add);
                gathering.add(entry.getKey(), labels.iterator().next(), Optional.empty(), folders.locate(names));
            }
        }
        return gathering.export(List.of(), () -> {});
    }
}

package dev.promptgate.ingest.label;

import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.LabelledImage;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.service.api.BodyReader;
import dev.promptgate.service.api.Problem;
import dev.promptgate.service.api.ProblemException;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The form of {@code POST /v1/labels}: a file {@code image}, and the fields {@code label}, {@code id} and {@code split}. */
public final class LabelForm {
    private static final String IMAGE = "image";
    private static final Set<String> FIELDS = Set.of("label", "id", "split");

    private LabelForm() {}

    /** The labelled image; its id is the SHA-256 of the file if the form names none. A {@link ProblemException} if a rule is broken. */
    public static LabelledImage read(BodyReader.Upload upload, ImageCheck check) {
        upload.fields().names().stream().filter(name -> !FIELDS.contains(name)).findFirst().ifPresent(name -> {
            throw Problem.of(400, "There is no field '%s'; there are image (a file), label, id and split".formatted(Quoted.of(name)))
                    .exception();
        });
        byte[] file = file(upload.files());
        String label = LabelFields.label(single("label", upload.fields()).orElseThrow(
                () -> Problem.of(422, "The form has no label; send the class name in the field 'label'").exception()));
        Optional<String> id = single("id", upload.fields()).map(LabelFields::id);
        Optional<String> split = single("split", upload.fields());
        check.require(file);
        return new LabelledImage(id.orElseGet(() -> ImageIds.sha256(file)), label, split.map(LabelFields::split).orElse(null), file,
                System.currentTimeMillis());
    }

    private static byte[] file(List<BodyReader.Part> files) {
        if (files.isEmpty() || !files.get(0).field().equals(IMAGE)) {
            throw Problem.of(400, "The form holds no file 'image'; send the image as a file part of that name").exception();
        }
        return files.get(0).bytes().getBytes();
    }

    private static Optional<String> single(String name, MultiMap fields) {
        List<String> values = fields.getAll(name);
        if (values.size() > 1) {
            throw Problem.of(400, "The field %s is given more than once".formatted(name)).exception();
        }
        return values.stream().findFirst();
    }
}

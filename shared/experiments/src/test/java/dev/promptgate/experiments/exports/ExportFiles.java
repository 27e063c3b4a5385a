package dev.promptgate.experiments.exports;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.promptgate.experiments.data.DataException;
import dev.promptgate.experiments.data.DataFiles;
import dev.promptgate.experiments.data.ListedImage;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Exports for tests, as the tools write them, and what is read of them. */
final class ExportFiles {
    static final String COCO = """
            {"info": {"year": 2026, "version": "1.0", "description": "shop", "date_created": "2026/11/27"},
             "licenses": [{"id": 0, "name": "", "url": ""}],
             "annotations": [
              {"id": 1, "image_id": 1, "category_id": 2, "segmentation": [[10.5, 4, 20, 4, 20, 30.25]], "area": 1680.0,
               "bbox": [10.5, 4, 40, 42], "iscrowd": 0, "attributes": {"occluded": false}},
              {"id": 2, "image_id": 1, "category_id": 2, "segmentation": {"counts": "abc", "size": [48, 48]}, "area": 4,
               "bbox": [0, 0, 2, 2], "iscrowd": 1},
              {"id": 3, "image_id": 2, "category_id": 1, "bbox": [1, 2, 3, 4], "area": 12, "iscrowd": 0},
              {"id": 4, "image_id": 3, "category_id": 1, "bbox": [1, 2, 3, 4], "area": 12, "iscrowd": 0},
              {"id": 5, "image_id": 3, "category_id": 2, "bbox": [1, 2, 3, 4], "area": 12, "iscrowd": 0}],
             "categories": [{"id": 1, "name": "Dog", "supercategory": "animal"}, {"id": 2, "name": " red apple", "supercategory": ""}],
             "images": [
              {"id": 1, "width": 48, "height": 48, "file_name": "a/1.jpg", "license": 0, "flickr_url": "", "coco_url": "",
               "date_captured": 0},
              {"id": 2, "width": 48, "height": 48, "file_name": "2.jpg", "license": 0},
              {"id": 3, "width": 48, "height": 48, "file_name": "3.jpg", "license": 0},
              {"id": 4, "width": 48, "height": 48, "file_name": "4.jpg", "license": 0}]}
            """;
    static final String CVAT = """
            <?xml version="1.0" encoding="utf-8"?>
            <annotations>
              <version>1.1</version>
              <meta><task><id>7</id><name>shop</name><size>4</size><mode>annotation</mode>
                <labels><label><name>Dog</name><color>#c06060</color><type>any</type><attributes></attributes></label></labels>
              </task><dumped>2026-11-27 08:00:00.000000+00:00</dumped></meta>
              <image id="0" name="a/1.jpg" width="48" height="48">
                <box label="Dog" source="manual" occluded="0" xtl="1.00" ytl="2.00" xbr="30.00" ybr="40.00" z_order="0"></box>
                <tag label="red &amp; green apple" source="manual"><attribute name="ripe">true</attribute></tag>
              </image>
              <image id="1" name="2.jpg" width="48" height="48">
                <polygon label="Dog" source="manual" occluded="0" points="1.00,2.00;3.00,4.00;5.00,6.00" z_order="0"></polygon>
                <skeleton label="Dog" source="manual" z_order="0"><points label="nose" outside="0" points="1.00,2.00"></points></skeleton>
              </image>
              <image id="2" name="3.jpg" width="48" height="48"><tag label="Dog"></tag><tag label="Cat"></tag></image>
              <image id="3" name="4.jpg" width="48" height="48">
              </image>
            </annotations>
            """;
    static final String LABEL_STUDIO = """
            [{"id": 11, "annotations": [{"id": 1, "completed_by": 1, "result": [{"value": {"choices": ["Dog"]}, "id": "fY", "from_name":
               "choice", "to_name": "image", "type": "choices", "origin": "manual"}], "was_cancelled": false, "ground_truth": false,
               "task": 11, "project": 3}, {"id": 2, "result": [{"value": {"choices": ["Cat"]}, "type": "choices"}],
               "was_cancelled": true}], "file_upload": "0a1b2c3d-my photo.jpg", "drafts": [],
               "predictions": [{"result": [{"value": {"choices": ["Cat"]}, "type": "choices"}]}],
               "data": {"image": "/data/upload/3/0a1b2c3d-my%20photo.jpg"}, "meta": {}, "project": 3, "cancelled_annotations": 1},
             {"id": 12, "annotations": [{"result": [{"value": {"x": 1.5, "y": 2, "width": 3, "height": 4, "rotation": 0,
               "rectanglelabels": ["red apple"]}, "type": "rectanglelabels"}], "was_cancelled": false}],
               "data": {"image": "/data/local-files/?d=a%2F1.jpg"}, "project": 3},
             {"id": 13, "annotations": [{"result": [{"value": {"choices": ["Dog"]}, "type": "choices"}]},
               {"result": [{"value": {"choices": ["Cat"]}, "type": "choices"}]}], "data": {"image": "3.jpg"}, "project": 3},
             {"id": 14, "annotations": [], "data": {"image": "/data/upload/3/11111111-4.jpg"}, "project": 3},
             {"id": 15, "annotations": [{"result": [{"value": {"choices": ["Dog"]}, "type": "choices"}]}],
               "data": {"image": "https://user:word@example.org/5.jpg?X-Amz-Signature=0f0f"}, "project": 3}]
            """;

    private ExportFiles() {}

    static void images(Path folder, String... names) {
        for (int i = 0; i < names.length; i++) {
            DataFiles.image(folder.resolve(names[i]), i);
        }
    }

    /** Ids and labels. */
    static Map<String, String> labels(Export export) {
        return export.listing().images().stream().collect(Collectors.toMap(ListedImage::id, ListedImage::label, (a, b) -> a, TreeMap::new));
    }

    static String refusal(ExportFormat format, Path path) {
        String message = assertThrows(DataException.class, () -> format.read(path, Optional.empty())).getMessage();
        assertFalse(message.contains("\n"), message);
        return message;
    }
}

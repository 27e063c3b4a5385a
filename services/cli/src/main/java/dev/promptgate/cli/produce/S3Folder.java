package dev.promptgate.cli.produce;

import dev.promptgate.experiments.data.ClassFolders;
import dev.promptgate.experiments.data.DataException;
import dev.promptgate.experiments.data.Listing;
import dev.promptgate.objectstore.S3Location;
import dev.promptgate.objectstore.S3Store;
import dev.promptgate.objectstore.StoredObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What lies in a folder of S3, by the rules of a folder of files.
 *
 * @param refused a line for each key that cannot be asked for
 */
record S3Folder(Listing listing, List<String> refused) {
    /** @param given with or without the slash that ends a folder's name */
    static S3Folder read(S3Store store, S3Location given) throws DataException, IOException {
        String key = given.key().isEmpty() || given.key().endsWith("/") ? given.key() : given.key() + "/";
        S3Location folder = new S3Location(given.bucket(), key);
        String name = key.isEmpty() ? folder.bucket() : key.substring(key.lastIndexOf('/', key.length() - 2) + 1, key.length() - 1);
        ClassFolders classes = new ClassFolders(folder.toString(), name, folder.uri());
        List<String> refused = new ArrayList<>();
        store.list(folder, object -> {
            if (!isMark(object)) {
                try {
                    classes.add(object.key().substring(key.length()), new S3Image(store, object.location(), object.size()));
                } catch (IllegalArgumentException e) {
                    refused.add(e.getMessage());
                }
            }
        });
        return new S3Folder(classes.listing(), refused);
    }

    /** Whether an object only stands for a folder, as consoles make them. */
    private static boolean isMark(StoredObject object) {
        return object.key().endsWith("/") && object.size() == 0;
    }
}

package dev.promptgate.experiments.exports;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a task of Label Studio says that its image is. */
record LabelStudioImage(String reference) {
    private static final Pattern UPLOAD = Pattern.compile("/?data/upload/(?:(\\d+)/)?(.+)");
    private static final Pattern LOCAL = Pattern.compile("[^?]*/?data/local-files/?\\?(?:.*&)?d=([^&]+).*");
    /** Of a URL; one letter is a drive of Windows. */
    private static final Pattern SCHEME = Pattern.compile("(?s)[A-Za-z][A-Za-z0-9+.-]+:.*");
    /** What Label Studio puts before the name of a file that is uploaded. */
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{8}-(.+)");

    boolean isUrl() {
        return SCHEME.matcher(reference).matches();
    }

    /** The project that an uploaded file belongs to. */
    Optional<String> project() {
        Matcher upload = UPLOAD.matcher(reference);
        return upload.matches() ? Optional.ofNullable(upload.group(1)) : Optional.empty();
    }

    /** The file's name, or its path below the root of local files, as it is on disk. */
    String name() {
        Matcher upload = UPLOAD.matcher(reference);
        Matcher local = LOCAL.matcher(reference);
        return upload.matches() ? ImageFolders.decoded(upload.group(2))
                : local.matches() ? ImageFolders.decoded(local.group(1)) : reference;
    }

    /** The name that an uploaded file had before; other uploads may have had the same. */
    Optional<String> original() {
        Matcher hashed = HASH.matcher(name());
        return UPLOAD.matcher(reference).matches() && hashed.matches() ? Optional.of(hashed.group(1)) : Optional.empty();
    }

    /** The names under which the file may be found but for the original one: Label Studio keeps uploads in a folder per project. */
    List<String> names() {
        List<String> names = new ArrayList<>(List.of(name()));
        project().ifPresent(project -> names.addAll(List.of(project + "/" + name(), "upload/" + project + "/" + name())));
        return names;
    }
}

package dev.promptgate.experiments.exports;

import dev.promptgate.clip.failure.FirstLine;
import dev.promptgate.experiments.data.DataException;
import dev.promptgate.experiments.data.ListedImage.ListedSplit;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * "CVAT for images 1.1". An image's label is that of its tags or, without any, that of its shapes. Its id is its name, below its subset's
 * if it has one, as names repeat between subsets; a subset named as a split says what the image is for.
 */
final class CvatExport {
    private static final String ANNOTATIONS = "annotations.xml";
    private static final int MAX_DEPTH = 100;
    private static final XMLInputFactory XML = factory();

    private final Path file;
    private final ImageFolders folders;
    private final Gathering gathering;
    private XMLStreamReader xml;
    private String name;
    private String subset;
    private Labels labels;

    private CvatExport(Path file, ImageFolders folders, Gathering gathering) {
        this.file = file;
        this.folders = folders;
        this.gathering = gathering;
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }

    static Export read(Path path, Optional<Path> imageRoot) throws DataException {
        if (Files.isDirectory(path)) {
            return read(path.resolve(ANNOTATIONS), path, imageRoot, () -> {});
        }
        return isArchive(path) ? ofArchive(path, imageRoot) : read(path, path, imageRoot, () -> {});
    }

    private static boolean isArchive(Path path) throws DataException {
        try (InputStream in = Files.newInputStream(path)) {
            return new String(in.readNBytes(2), StandardCharsets.ISO_8859_1).equals("PK");
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /** An archive is read in place; its entries are never written anywhere. */
    private static Export ofArchive(Path path, Optional<Path> imageRoot) throws DataException {
        FileSystem archive;
        try {
            archive = FileSystems.newFileSystem(path, (ClassLoader) null);
        } catch (IOException | ProviderNotFoundException e) {
            throw new DataException("The ZIP archive cannot be read; export it again [file: %s, cause: %s]".formatted(path,
                    FirstLine.of(e)), e);
        }
        try {
            return read(archive.getPath("/", ANNOTATIONS), path, imageRoot, archive);
        } catch (DataException | RuntimeException e) {
            closeAfter(archive, e);
            throw e;
        }
    }

    private static void closeAfter(FileSystem archive, Exception failure) {
        try {
            archive.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private static Export read(Path file, Path source, Optional<Path> imageRoot, Closeable archive) throws DataException {
        if (!Files.isRegularFile(file)) {
            throw new DataException("There is no annotations.xml here; export as \"CVAT for images 1.1\" [data: " + source + "]");
        }
        Gathering gathering = new Gathering(source);
        CvatExport export = new CvatExport(file, ImageFolders.of(file, imageRoot), gathering);
        try (BoundedSteps in = new BoundedSteps(Files.newInputStream(file))) {
            export.read(in);
        } catch (CharacterCodingException e) {
            throw new DataException("The export is not UTF-8; export it again [data: " + source + "]", e);
        } catch (IOException e) {
            throw unreadable(source, e);
        }
        return gathering.export(List.of(), archive);
    }

    private static DataException unreadable(Path source, IOException e) {
        return new DataException("The export cannot be read [data: %s, cause: %s]".formatted(source, FirstLine.of(e)), e);
    }

    private void read(BoundedSteps in) throws DataException, IOException {
        try {
            xml = XML.createXMLStreamReader(in);
            int depth = 0;
            while (xml.hasNext()) {
                in.onEvent();
                switch (xml.next()) {
                    case XMLStreamConstants.DTD -> throw refused("A document type is not taken from an export; remove it");
                    case XMLStreamConstants.START_ELEMENT -> start(++depth);
                    case XMLStreamConstants.END_ELEMENT -> end(depth--);
                    default -> {
                        // text is of no interest
                    }
                }
            }
        } catch (XMLStreamException e) {
            if (e.getNestedException() instanceof IOException unreadable) {
                throw unreadable;
            }
            throw new DataException(
                    "The export is not whole XML; export it again [file: %s, line: %d, column: %d, cause: %s]".formatted(file,
                            e.getLocation() == null ? 0 : e.getLocation().getLineNumber(),
                            e.getLocation() == null ? 0 : e.getLocation().getColumnNumber(),
                            e.getMessage().lines().reduce((first, last) -> last).orElse("").replaceFirst("^Message: ", "")),
                    e);
        }
    }

    private void start(int depth) throws DataException {
        String element = xml.getLocalName();
        if (depth > MAX_DEPTH) {
            throw refused("The export is nested too deeply for one of CVAT");
        }
        if (depth == 1 && !element.equals("annotations")) {
            throw refused("An export of CVAT begins with the element annotations; is this the format?");
        }
        if (depth == 2 && element.equals("track")) {
            throw refused("This is an export for videos; export as \"CVAT for images 1.1\"");
        }
        if (depth == 2 && element.equals("image")) {
            name = required("name");
            subset = Optional.ofNullable(xml.getAttributeValue(null, "subset")).orElse("");
            labels = new Labels();
        } else if (depth == 3 && name != null) {
            (element.equals("tag") ? labels.ofImage() : labels.ofShapes()).add(required("label").strip());
        }
    }

    private void end(int depth) throws DataException {
        if (depth != 2 || name == null) {
            return;
        }
        String path = subset.isBlank() ? name : subset + "/" + name;
        String id = path.replace('\\', '/');
        if (gathering.hasOneLabel(id, labels.deciding())) {
            gathering.add(id, labels.deciding().iterator().next(), ListedSplit.named(subset), folders.locate(List.of(path, name)));
        }
        name = null;
    }

    private String required(String attribute) throws DataException {
        String value = xml.getAttributeValue(null, attribute);
        if (value == null || value.isBlank()) {
            throw refused("An element of the export has no %s; export it again [element: %s]".formatted(attribute, xml.getLocalName()));
        }
        return value;
    }

    private DataException refused(String message) {
        return new DataException("%s [file: %s, line: %d, column: %d]".formatted(message, file, xml.getLocation().getLineNumber(),
                xml.getLocation().getColumnNumber()));
    }
}

package dev.promptgate.experiments.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The folder that the paths of a split file start from; its name differs from data set to data set. */
final class ImageFolder {
    private ImageFolder() {}

    /**
     * The one folder, beside the split file or its own, in which the first listed image lies; failing that the only folder beside it.
     *
     * @throws DataException naming the candidates, if that leaves none or several
     */
    static Path beside(Path splitFile, String firstImage) throws DataException {
        Path own = splitFile.toAbsolutePath().getParent();
        try (Stream<Path> files = Files.list(own)) {
            List<Path> beside = files.filter(Files::isDirectory).sorted().toList();
            List<Path> holding = Stream.concat(Stream.of(own), beside.stream())
                    .filter(folder -> Files.isRegularFile(folder.resolve(firstImage))).toList();
            if (holding.size() == 1) {
                return holding.get(0);
            }
            if (holding.isEmpty() && beside.size() == 1) {
                return beside.get(0);
            }
            List<String> candidates = (holding.isEmpty() ? beside : holding).stream().map(folder -> folder.getFileName() + "/").toList();
            throw new DataException(
                    "Which folder holds the split file's images is not clear; name it [file: %s, first image: %s, candidates: %s]"
                            .formatted(splitFile, firstImage, candidates.isEmpty() ? "none" : Names.counted(candidates)));
        } catch (IOException e) {
            throw new DataException("The split file's folder cannot be read [folder: %s, cause: %s]".formatted(own, e.getMessage()), e);
        }
    }
}

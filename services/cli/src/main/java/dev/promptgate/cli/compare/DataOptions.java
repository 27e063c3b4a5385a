package dev.promptgate.cli.compare;

import dev.promptgate.experiments.data.DataException;
import dev.promptgate.experiments.data.ImageSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

final class DataOptions {
    @Option(names = "--data", paramLabel = "DATA", description = "what to train on; default: the bundled sample stream")
    private Path data;

    @Option(names = "--images", paramLabel = "DIR", description = "the images of a CoOp split file, if they are not in the folder "
            + "beside it")
    private Path images;

    @Option(names = "--target", paramLabel = "DATA", description = "what else to test on (cross-dataset, cross-domain); repeat for more")
    private List<Path> targets = new ArrayList<>();

    @Option(names = "--views", defaultValue = "0", description = "augmented views of each training image (random crops and flips), "
            + "encoded once; default ${DEFAULT-VALUE}")
    private int views;

    ImageSet source() throws DataException {
        return data == null ? ImageSet.sample() : ImageSet.open(data, Optional.ofNullable(images));
    }

    List<ImageSet> targets() throws DataException {
        List<ImageSet> sets = new ArrayList<>();
        for (Path target : targets) {
            sets.add(ImageSet.open(target, Optional.empty()));
        }
        return sets;
    }

    int views() {
        if (views < 0) {
            throw new IllegalArgumentException("--views must not be negative [views: " + views + "]");
        }
        return views;
    }
}

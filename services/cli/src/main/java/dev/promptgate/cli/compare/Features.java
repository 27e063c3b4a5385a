package dev.promptgate.cli.compare;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.experiments.data.DataException;
import dev.promptgate.experiments.data.ImageSet;
import dev.promptgate.experiments.features.FeatureEncoder;
import dev.promptgate.experiments.features.FeatureSet;
import java.io.PrintWriter;
import java.nio.file.Path;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** Encodes image sets with a progress bar, and says what was skipped. */
record Features(ClipModel model, Path store, int views, PrintWriter err) {
    FeatureSet encode(ImageSet set) throws DataException {
        set.notes().forEach(note -> err.println("promptgate: " + note));
        FeatureEncoder.Encoding encoding;
        ProgressBarBuilder builder = new ProgressBarBuilder().setTaskName("images of " + set.name()).setInitialMax(set.images().size())
                .setUpdateIntervalMillis(500);
        try (ProgressBar bar = builder.build()) {
            encoding = FeatureEncoder.encode(set, model, store, views, (done, total, encoded) -> {
                bar.maxHint(total);
                bar.stepTo(done);
                bar.setExtraMessage(encoded + " encoded");
            });
        }
        encoding.notes().forEach(note -> err.println("promptgate: " + note));
        for (FeatureSet.Skipped skipped : encoding.features().skipped()) {
            err.printf("promptgate: skipped, %s [image: %s]%n", skipped.reason(), skipped.id());
        }
        err.printf("%s: %d views encoded, %d from the cache, %d images skipped%n", set.name(), encoding.encoded(), encoding.cached(),
                encoding.features().skipped().size());
        err.flush();
        return encoding.features();
    }
}

package dev.promptgate.experiments.method.head;

import dev.promptgate.experiments.features.FeatureSet.Sample;
import dev.promptgate.learning.loss.Batch;
import dev.promptgate.learning.loss.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/** Image features x [images][dim], L2-normalised, with the class of each, an index below {@code classes}. */
public record LabelledFeatures(DMatrixRMaj x, int[] labels, int classes) {
    /** Every view of every sample is a row. */
    public static LabelledFeatures ofViews(List<Sample> samples, int classes) {
        float[][] rows = samples.stream().flatMap(sample -> Arrays.stream(sample.views())).toArray(float[][]::new);
        int[] labels = samples.stream().flatMapToInt(sample -> Arrays.stream(sample.views()).mapToInt(view -> sample.classIndex()))
                .toArray();
        return new LabelledFeatures(matrix(rows), labels, classes);
    }

    /** One row a sample: the normalised mean of its views. */
    public static LabelledFeatures ofMeans(List<Sample> samples, int classes) {
        List<float[]> rows = new ArrayList<>();
        for (Sample sample : samples) {
            float[] sum = new float[sample.views()[0].length];
            for (float[] view : sample.views()) {
                sum = Vectors.plus(sum, 1, view);
            }
            rows.add(sample.views().length == 1 ? sum : Vectors.times(sum, 1 / Vectors.norm(sum)));
        }
        return new LabelledFeatures(matrix(rows.toArray(float[][]::new)), samples.stream().mapToInt(Sample::classIndex).toArray(), classes);
    }

    /** One row a sample: the image as it is. */
    public static LabelledFeatures ofImages(List<Sample> samples, int classes) {
        return new LabelledFeatures(matrix(samples.stream().map(sample -> sample.views()[0]).toArray(float[][]::new)),
                samples.stream().mapToInt(Sample::classIndex).toArray(), classes);
    }

    public static LabelledFeatures of(Batch batch, int classes) {
        return new LabelledFeatures(matrix(batch.images()), batch.labels(), classes);
    }

    public int size() {
        return labels.length;
    }

    /** How many rows of logits [images][classes] are greatest at the label. */
    public int correct(DMatrixRMaj logits) {
        int[] answers = LogitClassifier.best(logits);
        int correct = 0;
        for (int i = 0; i < labels.length; i++) {
            correct += answers[i] == labels[i] ? 1 : 0;
        }
        return correct;
    }

    /** The mean cross-entropy of logits [images][classes], which become ∂loss/∂logits. */
    public double crossEntropy(DMatrixRMaj logits) {
        double loss = 0;
        for (int i = 0; i < labels.length; i++) {
            double own = logits.unsafe_get(i, labels[i]);
            loss += (Softmax.row(logits, i) - own) / labels.length;
            logits.add(i, labels[i], -1);
        }
        CommonOps_DDRM.scale(1.0 / labels.length, logits);
        return loss;
    }

    static DMatrixRMaj matrix(float[][] rows) {
        DMatrixRMaj matrix = new DMatrixRMaj(rows.length, rows.length == 0 ? 0 : rows[0].length);
        for (int i = 0; i < rows.length; i++) {
            for (int d = 0; d < matrix.numCols; d++) {
                matrix.unsafe_set(i, d, rows[i][d]);
            }
        }
        return matrix;
    }
}

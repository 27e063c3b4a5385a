package dev.promptgate.experiments.protocol;

import dev.promptgate.experiments.features.FeatureSet.Sample;
import dev.promptgate.experiments.features.FeatureSet;
import dev.promptgate.experiments.method.FewShotLearner.Classifier;
import java.util.List;
import java.util.stream.IntStream;

/** Test images [images][dim] of some classes, to be told apart; labels are indices into their names. */
record TestImages(float[][] images, int[] labels, List<String> names) {
    static TestImages of(FeatureSet data) {
        return of(data, Protocol.ComparisonSetting.range(0, data.classes().size()));
    }

    /** Of the classes with these indices, told apart from each other. */
    static TestImages of(FeatureSet data, List<Integer> classes) {
        List<Sample> tested = data.test().stream().filter(sample -> classes.contains(sample.classIndex())).toList();
        return new TestImages(tested.stream().map(sample -> sample.views()[0]).toArray(float[][]::new),
                tested.stream().mapToInt(sample -> classes.indexOf(sample.classIndex())).toArray(),
                classes.stream().map(data.classes()::get).toList());
    }

    boolean[] correct(Classifier classifier) {
        int[] answers = images.length == 0 ? new int[0] : classifier.classify(images, names);
        boolean[] correct = new boolean[answers.length];
        for (int i = 0; i < answers.length; i++) {
            correct[i] = answers[i] == labels[i];
        }
        return correct;
    }

    /** The answers to the images whose labels are among some. */
    boolean[] only(boolean[] answers, List<Integer> wanted) {
        int[] places = IntStream.range(0, answers.length).filter(i -> wanted.contains(labels[i])).toArray();
        boolean[] some = new boolean[places.length];
        for (int i = 0; i < places.length; i++) {
            some[i] = answers[places[i]];
        }
        return some;
    }

    /** Share of images answered right; NaN if there are none. */
    static double accuracy(boolean[] correct) {
        return (double) IntStream.range(0, correct.length).filter(i -> correct[i]).count() / correct.length;
    }
}

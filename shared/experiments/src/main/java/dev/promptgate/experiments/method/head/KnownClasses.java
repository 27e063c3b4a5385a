package dev.promptgate.experiments.method.head;

import java.util.List;
import org.ejml.data.DMatrixRMaj;

/** The classes that a classifier has shots of, in the order of its columns. */
public record KnownClasses(List<String> names) {
    public KnownClasses {
        names = List.copyOf(names);
    }

    public int size() {
        return names.size();
    }

    /** Columns [images][known] put where classes are asked for, [images][asked]; {@code absent} stands for those that are not known. */
    public DMatrixRMaj among(List<String> asked, DMatrixRMaj columns, double absent) {
        DMatrixRMaj among = new DMatrixRMaj(columns.numRows, asked.size());
        for (int c = 0; c < asked.size(); c++) {
            int known = names.indexOf(asked.get(c));
            for (int i = 0; i < among.numRows; i++) {
                among.unsafe_set(i, c, known < 0 ? absent : columns.unsafe_get(i, known));
            }
        }
        return among;
    }
}

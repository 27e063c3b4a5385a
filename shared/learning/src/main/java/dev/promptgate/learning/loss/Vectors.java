package dev.promptgate.learning.loss;

/** Arithmetic on flat vectors: sums in double, elements in float, as the paper's code has them. */
public final class Vectors {
    private Vectors() {}

    public static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    public static double norm(float[] a) {
        return Math.sqrt(dot(a, a));
    }

    public static float[] plus(float[] a, double factor, float[] b) {
        float[] sum = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            sum[i] = (float) (a[i] + factor * b[i]);
        }
        return sum;
    }

    public static float[] times(float[] a, double factor) {
        float[] product = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            product[i] = (float) (a[i] * factor);
        }
        return product;
    }

    /** a without some share of its projection on b; all of a where b is zero. */
    public static float[] without(float[] a, double share, float[] b) {
        return plus(a, -share * dot(a, b) / Math.max(dot(b, b), Double.MIN_NORMAL), b);
    }
}

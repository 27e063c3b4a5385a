package dev.promptgate.clip.image;

import dev.promptgate.clip.image.format.DecodeCost;
import dev.promptgate.clip.image.format.ImageFormat;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** A process that decodes files while its heap is filled but for what is counted for each. */
final class TightHeap {
    /**
     * Those that need nothing to speak of outside the heap, and are large enough to tell, so that half of what is counted must not suffice.
     */
    static final Set<String> IN_HEAP = Set.of("jpeg", "jpeg-inks", "png", "png-alpha", "png-grey-16", "png-16", "gif");
    private static final MemoryPoolMXBean OLD = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getName().contains("Tenured")).findFirst().orElseThrow();

    private static final long DISPOSAL_MILLIS = 10;

    private TightHeap() {}

    public static void main(String[] arguments) throws Exception {
        File[] files = new File(arguments[0]).listFiles();
        Arrays.sort(files);
        for (File file : files) {
            decode(Files.readAllBytes(file.toPath()), Long.MAX_VALUE); // loads classes
        }
        for (File file : files) {
            Path path = file.toPath();
            byte[] bytes = Files.readAllBytes(path);
            ImageFormat format = ImageFormat.of(bytes).orElseThrow();
            long cost = DecodeCost.of(format, bytes, format.parts(bytes), 1);
            boolean inHalf = IN_HEAP.contains(file.getName()) && decode(bytes, cost / 2);
            System.out.println(file.getName() + (decode(bytes, cost) ? " fits" : " does not fit in " + cost)
                    + (IN_HEAP.contains(file.getName()) ? inHalf ? ", and in half" : ", not in half" : ""));
        }
    }

    /** Whether the file is decoded with no more of the old generation left than that. */
    private static boolean decode(byte[] file, long free) throws ImageRejectedException, InterruptedException {
        List<byte[]> ballast = new ArrayList<>();
        do { // again where a thread that disposes of what readers left was late: that is garbage only now
            System.gc();
            Thread.sleep(DISPOSAL_MILLIS);
            System.gc();
            long tooMuch = OLD.getUsage().getMax() - OLD.getUsage().getUsed() - free;
            ballast.add(new byte[(int) Math.max(0, tooMuch)]); // the young generation is too small for it
            System.gc();
        } while (OLD.getUsage().getMax() - OLD.getUsage().getUsed() > free);
        try {
            return Decoded.of(file, ImageLimits.DEFAULT).width() > 0;
        } catch (ImageRejectedException e) {
            if (e.fault() != ImageRejectedException.Fault.OUT_OF_MEMORY) {
                throw e;
            }
            return false;
        } finally {
            Reference.reachabilityFence(ballast);
        }
    }
}

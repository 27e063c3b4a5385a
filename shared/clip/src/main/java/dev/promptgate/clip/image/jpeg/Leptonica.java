package dev.promptgate.clip.image.jpeg;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * What is used of Leptonica (its {@code allheaders.h}), by the same names. Its native library comes in a jar of Bytedeco's, which carries
 * libjpeg-turbo; it is unpacked and loaded once a process, or found where {@code java.library.path} says.
 */
final class Leptonica {
    private static final String JAR_FOLDER = "/org/bytedeco/leptonica/";
    private static final Map<String, String> FILES = Map.of("linux-x86-64", "linux-x86_64/libleptonica.so.6", "linux-aarch64",
            "linux-arm64/libleptonica.so.6", "darwin-aarch64", "macosx-arm64/libleptonica.6.dylib");
    private static final int L_SEVERITY_NONE = 6;
    private static final String JNA_FOLDER = "jna.tmpdir";
    /** Why the library is not there; null if it is. */
    static final Throwable FAILURE = load(); // last, since it needs the others

    private Leptonica() {}

    /** The image, or null if it cannot be decoded; to be destroyed. */
    static native Pointer pixReadMemJpeg(byte[] data, long size, int colormap, int reduction, IntByReference warnings, int hint);

    static native int pixGetWidth(Pointer pix);

    static native int pixGetHeight(Pointer pix);

    /** Bits of a pixel: 8 for grey, 32 for colours. */
    static native int pixGetDepth(Pointer pix);

    /** Words of 32 bits from a row to the next. */
    static native int pixGetWpl(Pointer pix);

    static native Pointer pixGetData(Pointer pix);

    static native void pixDestroy(PointerByReference pix);

    static native int setMsgSeverity(int severity);

    /** In a folder of its own, which is gone when the library is loaded: a killed process leaves nothing behind. */
    private static Throwable load() {
        try {
            Path folder = Files.createTempDirectory("promptgate-jpeg");
            String jna = System.getProperty(JNA_FOLDER);
            try {
                System.setProperty(JNA_FOLDER, folder.toString()); // else JNA writes into the user's home, and there may be none
                Native.register(Leptonica.class, NativeLibrary.getInstance(library(folder).toString()));
                setMsgSeverity(L_SEVERITY_NONE); // each damaged file would be a line of the standard error output
                return null;
            } finally {
                restore(jna);
                delete(folder.toFile());
            }
        } catch (IOException | RuntimeException | LinkageError e) {
            return e;
        }
    }

    private static void restore(String jna) {
        if (jna == null) {
            System.clearProperty(JNA_FOLDER);
        } else {
            System.setProperty(JNA_FOLDER, jna);
        }
    }

    private static void delete(File folder) {
        for (File file : folder.listFiles()) {
            file.delete();
        }
        folder.delete();
    }

    private static Path library(Path folder) throws IOException {
        String file = FILES.get(Platform.RESOURCE_PREFIX);
        if (file == null) {
            throw new FileNotFoundException("there is none for this platform: " + Platform.RESOURCE_PREFIX);
        }
        String name = file.substring(file.indexOf('/') + 1);
        try (InputStream packed = Leptonica.class.getResourceAsStream(JAR_FOLDER + file)) {
            if (packed == null) {
                return onLibraryPath(name);
            }
            Path unpacked = folder.resolve(name);
            Files.copy(packed, unpacked);
            return unpacked;
        }
    }

    /** Where it was unpacked once for all, as in a container. */
    private static Path onLibraryPath(String name) throws IOException {
        return Arrays.stream(System.getProperty("java.library.path").split(File.pathSeparator)).map(folder -> Path.of(folder, name))
                .filter(Files::exists).findFirst()
                .orElseThrow(() -> new FileNotFoundException("neither a jar nor java.library.path has " + name));
    }
}

package dev.promptgate.clip.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import dev.promptgate.testing.ImageFiles;
import java.awt.color.ColorSpace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.imageio.IIOImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is counted for decoding a file suffices, in a heap that has exactly that left; and it is not far more than what is needed. */
class DecodeCostTest {
    private static final int WIDTH = 1600;
    private static final int HEIGHT = 1200;

    @TempDir
    private Path directory;

    @Test
    void everyFormatIsDecodedInTheMemoryThatIsCountedForIt() throws Exception {
        write("jpeg", "JPEG", picture(BufferedImage.TYPE_3BYTE_BGR), false);
        write("jpeg-progressive", "JPEG", picture(BufferedImage.TYPE_3BYTE_BGR), true);
        write("jpeg-grey", "JPEG", picture(BufferedImage.TYPE_BYTE_GRAY), false);
        write("jpeg-inks", "JPEG", filled(Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, WIDTH, HEIGHT, 4, null)));
        write("png", "PNG", picture(BufferedImage.TYPE_3BYTE_BGR), false);
        write("png-interlaced", "PNG", picture(BufferedImage.TYPE_3BYTE_BGR), true);
        write("png-alpha", "PNG", picture(BufferedImage.TYPE_4BYTE_ABGR), false);
        write("png-grey", "PNG", picture(BufferedImage.TYPE_BYTE_GRAY), false);
        write("png-grey-16", "PNG", picture(BufferedImage.TYPE_USHORT_GRAY), false);
        write("png-16", "PNG", sixteenBits(), false);
        write("png-palette", "PNG", picture(BufferedImage.TYPE_BYTE_INDEXED), false);
        write("png-bits", "PNG", picture(BufferedImage.TYPE_BYTE_BINARY), false);
        write("gif", "GIF", picture(BufferedImage.TYPE_BYTE_INDEXED), false);
        write("bmp", "BMP", picture(BufferedImage.TYPE_3BYTE_BGR), false);
        write("webp", "WEBP", picture(BufferedImage.TYPE_INT_RGB), false);
        Process child = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), "-Xmx64m", "-Xmn2m",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true", "-cp", System.getProperty("java.class.path"),
                TightHeap.class.getName(), directory.toString()).redirectErrorStream(true).start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String expected = new TreeSet<>(List.of(directory.toFile().list())).stream()
                .map(name -> name + " fits" + (TightHeap.IN_HEAP.contains(name) ? ", not in half" : "")).collect(Collectors.joining("\n"));
        assertEquals(expected, said.strip());
    }

    private void write(String name, String format, BufferedImage image, boolean isProgressive) throws IOException {
        write(name, format, new IIOImage(image, null, null), isProgressive);
    }

    private void write(String name, String format, Raster raster) throws IOException {
        write(name, format, new IIOImage(raster, null, null), false);
    }

    private void write(String name, String format, IIOImage image, boolean isProgressive) throws IOException {
        Files.write(directory.resolve(name), ImageFiles.encoded(format, image, isProgressive));
    }

    private static BufferedImage picture(int type) {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, type);
        filled(image.getRaster());
        return image;
    }

    private static BufferedImage sixteenBits() {
        ComponentColorModel colors = new ComponentColorModel(ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false,
                ComponentColorModel.OPAQUE, DataBuffer.TYPE_USHORT);
        WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_USHORT, WIDTH, HEIGHT, 3, null);
        filled(raster);
        return new BufferedImage(colors, raster, false, null);
    }

    /** Waves, which compress as photographs do. */
    private static WritableRaster filled(WritableRaster raster) {
        DataBuffer data = raster.getDataBuffer();
        for (int i = 0; i < data.getSize(); i++) {
            data.setElem(i, (int) (128 + 100 * Math.sin(i / 900.0) + i % 7));
        }
        return raster;
    }
}

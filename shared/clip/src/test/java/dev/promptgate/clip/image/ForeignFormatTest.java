package dev.promptgate.clip.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.clip.image.ImageRejectedException.Fault;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no accepted format is refused by its name, or as no image. */
class ForeignFormatTest {
    private static final int BYTES = 800;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"II*\\0|TIFF", "MM\\0*|TIFF", "\\0\\0\\1\\0\\1|ICO", "\\0\\0\\2\\0\\1|CUR", "8BPS|PSD",
            "P6 1 1 255|PNM",
            "%PDF-1.7|PDF", "<svg width='1'>|SVG", "<?xml version='1.0'?>  <svg>|SVG", "<!DOCTYPE html><html>|a web page",
            "\\0\\0\\0\\20ftypheic\\0\\0\\0\\0mif1|HEIC, as iPhones send it,",
            "\\0\\0\\0\\34ftypmif1\\0\\0\\0\\0mif1heic|HEIC, as iPhones send it,",
            "\\0\\0\\0\\34ftypavif\\0\\0\\0\\0mif1miaf|AVIF", "\\0\\0\\0\\34ftypmif1\\0\\0\\0\\0avifmiaf|AVIF",
            "\\0\\0\\0\\30ftypisom\\0\\0\\2\\0mp41|MP4 or QuickTime video", "\\377\\n|JPEG XL", "\\377O\\377Q|JPEG 2000",
            "\\0\\0\\0\\fJXL \\r\\n\\207\\n|JPEG XL",
            "RIFF    AVI LIST|AVI", "PK\\3\\4|a ZIP archive", "data:image/png;base64,|a data URL",
            "version https://git-lfs.github.com/|a Git LFS pointer"})
    void isRefusedByItsName(String beginning, String name) {
        ImageRejectedException refusal = refusal(beginning.replace("\\0", "\0").translateEscapes());
        assertEquals(Fault.UNSUPPORTED_FORMAT, refusal.fault());
        assertTrue(refusal.getMessage().startsWith("The file is " + name), refusal.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0\0\20\20", "\0\0\0\0", "\0\0\n", "BM is the bitmap", "RIFF", "GIF", "some words", "\u00FF\u00D8"})
    void isNoImage(String beginning) {
        assertEquals(Fault.NOT_AN_IMAGE, refusal(beginning).fault());
    }

    private static ImageRejectedException refusal(String beginning) {
        byte[] file = Arrays.copyOf(beginning.getBytes(StandardCharsets.ISO_8859_1), BYTES);
        return assertThrows(ImageRejectedException.class, () -> Decoded.of(file, ImageLimits.DEFAULT));
    }
}

package dev.promptgate.clip.image;

import java.nio.charset.StandardCharsets;

/** Tells whether a JPEG or PNG stops before its end marker: stock decoders fill such images with grey instead of failing. */
final class FileEnding {
    private FileEnding() {}

    static boolean isMissing(byte[] file) {
        String bytes = new String(file, StandardCharsets.ISO_8859_1);
        return bytes.startsWith("\u00FF\u00D8") ? !jpegEnds(bytes) : bytes.startsWith("\u0089PNG") && !bytes.contains("IEND");
    }

    /** Whether an end-of-image marker follows the first start of scan; before it, thumbnails carry markers of their own. */
    private static boolean jpegEnds(String bytes) {
        int at = 2;
        while (at + 4 <= bytes.length() && bytes.charAt(at) == 0xFF) {
            int marker = bytes.charAt(at + 1);
            if (marker == 0xFF) {
                at++; // fill byte
            } else if (marker == 0xDA) {
                return bytes.lastIndexOf("\u00FF\u00D9") > at;
            } else {
                at += 2 + (bytes.charAt(at + 2) << 8 | bytes.charAt(at + 3));
            }
        }
        return false;
    }
}

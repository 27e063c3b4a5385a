package dev.promptgate.clip.image.format;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** File formats that are not accepted, told by the bytes that they begin with, so that whoever sent one learns what it was. */
public final class ForeignFormat {
    private static final int TEXT_LOOKED_AT = 1024;
    private static final String TGA_END = "TRUEVISION-XFILE.\0";
    private static final List<Magic> MAGICS = List.of(
            new Magic("TIFF or a camera's raw file", 0, "II*\0", "MM\0*", "II+\0", "MM\0+", "IIU\0", "IIRO", "IIRS", "MMOR",
                    "FUJIFILMCCD-RAW"),
            new Magic("JPEG XL", 0, "\u00FF\n", "\0\0\0\fJXL \r\n\u0087\n"),
            new Magic("JPEG 2000", 0, "\0\0\0\fjP  \r\n\u0087\n", "\u00FFO\u00FFQ"),
            new Magic("JPEG XR", 0, "II\u00BC"),
            new Magic("ICO", 0, "\0\0\1\0"),
            new Magic("CUR", 0, "\0\0\2\0"),
            new Magic("ICNS", 0, "icns"),
            new Magic("an OS/2 bitmap array", 0, "BA"),
            new Magic("PSD", 0, "8BPS"),
            new Magic("XCF", 0, "gimp xcf"),
            new Magic("PNM", 0, "P1\n", "P2\n", "P3\n", "P4\n", "P5\n", "P6\n", "P7\n", "P1 ", "P2 ", "P3 ", "P4 ", "P5 ", "P6 ", "PF\n",
                    "Pf\n"),
            new Magic("PCX", 0, "\n\0\1", "\n\2\1", "\n\3\1", "\n\4\1", "\n\5\1"),
            new Magic("MNG or JNG", 0, "\u008AMNG", "\u008BJNG"),
            new Magic("DDS", 0, "DDS "),
            new Magic("OpenEXR", 0, "v/1\1"),
            new Magic("Radiance HDR", 0, "#?RADIANCE", "#?RGBE"),
            new Magic("QOI", 0, "qoif"),
            new Magic("BPG", 0, "BPG\u00FB"),
            new Magic("FLIF", 0, "FLIF"),
            new Magic("a Sun raster", 0, "Y\u00A6j\u0095"),
            new Magic("SGI", 0, "\1\u00DA\0", "\1\u00DA\1"),
            new Magic("XPM", 0, "/* XPM */"),
            new Magic("DjVu", 0, "AT&TFORM"),
            new Magic("WMF", 0, "\u00D7\u00CD\u00C6\u009A"),
            new Magic("EMF", 40, " EMF"),
            new Magic("DICOM", 128, "DICM"),
            new Magic("FITS", 0, "SIMPLE  ="),
            new Magic("PDF", 0, "%PDF-"),
            new Magic("PostScript", 0, "%!PS", "\u00C5\u00D0\u00D3\u00C6"),
            new Magic("AVI", 8, "AVI LIST"),
            new Magic("an animated cursor", 8, "ACON"),
            new Magic("Matroska or WebM video", 0, "\u001AE\u00DF\u00A3"),
            new Magic("a ZIP archive", 0, "PK\3\4"),
            new Magic("a gzip file", 0, "\u001F\u008B"),
            new Magic("a Git LFS pointer", 0, "version https://git-lfs"));
    private static final String HEIC = "HEIC, as iPhones send it,";
    /** Brands of ISO's base media files (ISO/IEC 14496-12), the most telling first. */
    private static final List<Brand> BRANDS = List.of(
            new Brand("AVIF", "avif", "avis"),
            new Brand(HEIC, "heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1"),
            new Brand("a camera's raw file", "crx "));

    private ForeignFormat() {}

    private record Magic(String name, int at, String... beginnings) {
        boolean is(Bytes file) {
            return List.of(beginnings).stream().anyMatch(beginning -> file.has(at, beginning));
        }
    }

    private record Brand(String name, String... brands) {
        boolean is(String box) {
            return List.of(brands).stream().anyMatch(box::contains);
        }
    }

    /** What the file is called, for a message; empty if nobody knows. */
    public static Optional<String> of(byte[] file) {
        Bytes bytes = Bytes.bigEndian(file);
        if (bytes.has(4, "ftyp")) {
            return Optional.of(ofBrands(bytes));
        }
        return MAGICS.stream().filter(magic -> magic.is(bytes)).map(Magic::name).findFirst()
                .or(() -> bytes.has(bytes.length() - TGA_END.length(), TGA_END) ? Optional.of("TGA") : ofText(bytes));
    }

    private static String ofBrands(Bytes file) {
        String box = file.text(8, Math.min(TEXT_LOOKED_AT, file.file()[3] & 0xFF)); // brands of four letters each
        return BRANDS.stream().filter(brand -> brand.is(box)).map(Brand::name).findFirst().orElse("MP4 or QuickTime video");
    }

    private static Optional<String> ofText(Bytes file) {
        String text = file.text(0, Math.min(TEXT_LOOKED_AT, file.length())).replace("\u00EF\u00BB\u00BF", "").strip();
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("data:image/")) {
            return Optional.of("a data URL, which is not decoded here");
        }
        if (!lower.startsWith("<")) {
            return Optional.empty();
        }
        return lower.contains("<svg") ? Optional.of("SVG") : lower.contains("<html") ? Optional.of("a web page") : Optional.empty();
    }
}

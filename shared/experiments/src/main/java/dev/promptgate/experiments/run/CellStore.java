package dev.promptgate.experiments.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Finished cells in a folder; see {@link DigestFolder}. */
public final class CellStore {
    private final DigestFolder folder;
    private final String circumstances;

    /**
     * @param circumstances all that the cells have in common and their results depend on: protocol, data, model, settings
     * @throws IOException if the folder cannot be made
     */
    public CellStore(Path folder, String circumstances) throws IOException {
        this.folder = new DigestFolder(folder);
        this.circumstances = circumstances;
    }

    /**
     * The result of a cell, if it is finished.
     *
     * @param method all of the method's own settings
     */
    public Optional<CellResult> find(Cell cell, String method) {
        return folder.find(name(cell), circumstances + "\n" + method, CellCodec::decode);
    }

    public void save(CellResult result, String method) throws IOException {
        folder.save(name(result.cell()), circumstances + "\n" + method, CellCodec.encode(result));
    }

    private static String name(Cell cell) {
        return "%s-seed%d-shots%d".formatted(cell.method(), cell.seed(), cell.shots());
    }
}

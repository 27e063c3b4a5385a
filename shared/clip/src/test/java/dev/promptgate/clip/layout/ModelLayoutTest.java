package dev.promptgate.clip.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.clip.config.ClipConfig.Activation;
import dev.promptgate.clip.failure.ModelException;
import dev.promptgate.testing.GoldenFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found in directories that hold more, or less, than one model in one layout. */
class ModelLayoutTest {
    private static final Path OPEN_CLIP = GoldenFolders.committed("layouts/open-clip-safetensors");
    private static final Path OPEN_CLIP_BIN = GoldenFolders.committed("layouts/open-clip-bin");
    private static final Path HUGGING_FACE = GoldenFolders.committed("layouts/hugging-face-bfloat16");
    private static final Path OPENAI = GoldenFolders.committed("layouts/openai-state-dict");

    @TempDir
    Path directory;

    @Test
    void aFileIsTakenWithTheConfigurationBesideIt() {
        assertFound("open_clip", OPEN_CLIP_BIN.resolve("open_clip_pytorch_model.bin"));
        assertFound("Hugging Face", HUGGING_FACE.resolve("model.safetensors"));
        assertFound("Hugging Face", GoldenFolders.committed("layouts/hugging-face-bin-shards").resolve("pytorch_model.bin.index.json"));
    }

    @Test
    void weightsWithoutAConfigurationAreOpenAis() {
        try (ModelLayout layout = ModelLayout.open(OPENAI, 32)) {
            assertEquals("OpenAI", layout.name());
            assertEquals(Activation.QUICK_GELU, layout.config().vision().tower().activation());
            assertEquals(32, layout.config().vision().tower().headWidth());
        }
    }

    @Test
    void theWidthOfOpenAisHeadsMustDivideTheTower() {
        assertRefused("divide", () -> ModelLayout.open(OPENAI, 48));
    }

    @Test
    void weightsOfOpenClipNeedTheirConfiguration() throws IOException {
        copy(OPEN_CLIP, "open_clip_model.safetensors");
        assertRefused("open_clip_config.json");
        Files.copy(GoldenFolders.committed("layouts/open-clip-training").resolve("open_clip_pytorch_model.bin"),
                directory.resolve("epoch_3.pt"));
        assertRefused("open_clip_config.json", () -> ModelLayout.open(directory.resolve("epoch_3.pt")));
    }

    @Test
    void weightsOfHuggingFaceNeedTheirConfiguration() throws IOException {
        copy(HUGGING_FACE, "model.safetensors");
        assertRefused("config.json");
    }

    @Test
    void aCheckpointUnderANameOfItsOwnIsFound() throws IOException {
        copy(OPEN_CLIP, "open_clip_config.json");
        copy(OPEN_CLIP, "expected.safetensors");
        Files.copy(OPEN_CLIP.resolve("open_clip_model.safetensors"), directory.resolve("epoch_3.safetensors"));
        assertFound("open_clip", directory);
    }

    @Test
    void ofSeveralCheckpointsOneMustBeGiven() throws IOException {
        copy(OPEN_CLIP, "open_clip_config.json");
        Files.copy(OPEN_CLIP.resolve("open_clip_model.safetensors"), directory.resolve("epoch_1.safetensors"));
        Files.copy(OPEN_CLIP.resolve("open_clip_model.safetensors"), directory.resolve("epoch_2.safetensors"));
        assertRefused("several");
        assertFound("open_clip", directory.resolve("epoch_2.safetensors"));
    }

    @Test
    void ofTheSameModelTwiceSafetensorsAreTaken() throws IOException {
        copy(HUGGING_FACE, "config.json");
        copy(HUGGING_FACE, "model.safetensors");
        Files.writeString(directory.resolve("pytorch_model.bin"), "not looked at");
        assertFound("Hugging Face", directory);
    }

    @Test
    void timmsFilesBesideThoseOfOpenClipAreLeftAlone() throws IOException {
        copy(OPEN_CLIP, "open_clip_config.json");
        copy(OPEN_CLIP, "open_clip_model.safetensors");
        Files.writeString(directory.resolve("config.json"), "{\"architecture\": \"vit_base_patch32_clip_224\"}");
        EditedWeights.edit(OPEN_CLIP.resolve("open_clip_model.safetensors"), directory.resolve("model.safetensors"),
                EditedWeights.renamed(name -> "blocks." + name.replace('_', '-')));
        assertFound("open_clip", directory);
    }

    @Test
    void trainingNamesAndThoseOfCustomTextClip() throws IOException {
        openClip(EditedWeights.renamed(name -> "module."
                + (name.matches("(token_embedding|positional_embedding|ln_final|text_projection|transformer).*") ? "text." : "") + name));
        try (ModelLayout layout = ModelLayout.open(directory)) {
            assertTrue(layout.weights() instanceof NamedWeights names && layout.file().names().containsAll(
                    names.names().origins().values().stream().map(TensorNames.Origin::name).toList()));
        }
    }

    @Test
    void moreLayersThanTheConfigurationAsksFor() throws IOException {
        openClip(EditedWeights.added("transformer.resblocks.2.ln_1.weight"));
        assertRefused("resblocks.2");
    }

    @Test
    void layersOfAnotherKind() throws IOException {
        openClip(EditedWeights.added("visual.transformer.resblocks.0.ls_1.gamma"));
        assertRefused("ls_1.gamma");
    }

    @Test
    void resNets() throws IOException {
        openClip(EditedWeights.renamed(name -> name.replace("visual.class_embedding", "visual.layer1.0.conv1.weight")));
        assertRefused("ResNet");
    }

    @Test
    void nothing() {
        assertRefused("neither");
        assertRefused("no model here", () -> ModelLayout.open(directory.resolve("nowhere")));
    }

    private void openClip(Consumer<ObjectNode> change) throws IOException {
        copy(OPEN_CLIP, "open_clip_config.json");
        EditedWeights.edit(OPEN_CLIP.resolve("open_clip_model.safetensors"), directory.resolve("open_clip_model.safetensors"), change);
    }

    private void copy(Path from, String name) throws IOException {
        Files.copy(from.resolve(name), directory.resolve(name));
    }

    private static void assertFound(String name, Path location) {
        try (ModelLayout layout = ModelLayout.open(location)) {
            assertEquals(name, layout.name());
        }
    }

    private void assertRefused(String word) {
        assertRefused(word, () -> ModelLayout.open(directory));
    }

    private static void assertRefused(String word, org.junit.jupiter.api.function.Executable opening) {
        String message = assertThrows(ModelException.class, opening).getMessage();
        assertTrue(message.contains(word), message);
        assertFalse(message.contains("\n"), message);
    }
}

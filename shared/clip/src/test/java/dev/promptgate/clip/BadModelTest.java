package dev.promptgate.clip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.DataType;
import dev.promptgate.bundled.BundledModel;
import dev.promptgate.clip.engine.ComputeOptions;
import dev.promptgate.clip.engine.ComputeOptions.DeviceChoice;
import dev.promptgate.clip.engine.ComputeOptions.Precision;
import dev.promptgate.clip.failure.ModelException;
import dev.promptgate.clip.layout.EditedWeights;
import dev.promptgate.clip.weights.SafetensorsHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model that cannot be used ends in one clear line. */
class BadModelTest {
    @TempDir
    Path directory;

    @BeforeEach
    void unpack() {
        BundledModel.extractTo(directory);
    }

    @Test
    void truncatedWeights() throws IOException {
        byte[] whole = Files.readAllBytes(weights());
        Files.write(weights(), Arrays.copyOf(whole, whole.length - 1000));
        assertRefused("truncated");
    }

    @Test
    void headerLongerThanTheFile() throws IOException {
        byte[] whole = Files.readAllBytes(weights());
        ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).putLong(0, Long.MAX_VALUE);
        Files.write(weights(), whole);
        assertRefused("header does not fit");
    }

    @Test
    void headerThatIsNoJson() throws IOException {
        byte[] whole = Files.readAllBytes(weights());
        whole[8] = 'x';
        Files.write(weights(), whole);
        assertRefused("model.safetensors");
    }

    @Test
    void configThatContradictsTheWeights() throws IOException {
        configure("\"hidden_size\": 128", "\"hidden_size\": 256");
        assertRefused("contradicts");
    }

    @Test
    void configThatAsksForMoreLayers() throws IOException {
        configure("\"num_hidden_layers\": 4", "\"num_hidden_layers\": 5");
        assertRefused("lack a tensor");
    }

    @Test
    void configWithAnUnknownActivation() throws IOException {
        configure("quick_gelu", "relu");
        assertRefused("hidden_act");
    }

    @Test
    void configWithAWordForANumber() throws IOException {
        configure("\"image_size\": 48", "\"image_size\": \"48x\"");
        assertRefused("vision_config.image_size: \"48x\"");
    }

    @Test
    void headsThatDoNotDivideTheWidth() throws IOException {
        configure("\"num_attention_heads\": \\d+", "\"num_attention_heads\": 7");
        assertRefused("heads");
    }

    @Test
    void endOfTextOutsideTheVocabulary() throws IOException {
        configure("\"eos_token_id\": \\d+", "\"eos_token_id\": 49407");
        assertRefused("eos");
    }

    @Test
    void tensorThatIsMissing() throws IOException {
        EditedWeights.edit(weights(), weights(), header -> header.remove("text_model.encoder.layers.2.mlp.fc1.bias"));
        assertRefused("text_model.encoder.layers.2.mlp.fc1.bias");
    }

    @Test
    void tensorOfAnotherShape() throws IOException {
        EditedWeights.edit(weights(), weights(), EditedWeights.reshaped("vision_model.embeddings.class_embedding", 1, 192));
        assertRefused("vision_model.embeddings.class_embedding");
    }

    @ParameterizedTest
    @ValueSource(shorts = {0x5640, 0x7E00, (short) 0xFC00}) // 100, NaN and -infinity in float16
    void logitScaleOutOfRange(short logarithm) throws IOException {
        byte[] file = Files.readAllBytes(weights());
        SafetensorsHeader header = SafetensorsHeader.read(file, file.length);
        SafetensorsHeader.Tensor scale = header.tensors().get("logit_scale");
        assertEquals(DataType.FLOAT16, scale.type());
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putShort((int) (header.dataStart() + scale.begin()), logarithm);
        Files.write(weights(), file);
        assertRefused("logit_scale");
    }

    @Test
    void tokenizerOfALargerVocabulary() throws IOException {
        Path tokenizer = directory.resolve("tokenizer.json");
        Files.writeString(tokenizer, Files.readString(tokenizer).replaceAll("\"photo</w>\": ?\\d+", "\"photo</w>\":4096"));
        assertRefused("largest id: 4096");
    }

    @Test
    void configThatIsNoJson() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{");
        assertRefused("config.json");
    }

    @Test
    void noConfig() throws IOException {
        Files.delete(directory.resolve("config.json"));
        assertRefused("no config.json");
    }

    @Test
    void noWeights() throws IOException {
        Files.delete(weights());
        assertRefused("neither");
    }

    @Test
    void tokenizerOfAnotherModel() throws IOException {
        configure("\"eos_token_id\": 4095", "\"eos_token_id\": 4093");
        assertRefused("disagree");
    }

    @Test
    void preprocessingThatIsNotDoneHere() throws IOException {
        Path preprocessing = directory.resolve("preprocessor_config.json");
        Files.writeString(preprocessing, Files.readString(preprocessing).replace("\"do_center_crop\": true", "\"do_center_crop\": false"));
        assertRefused("[do_center_crop: false");
    }

    @Test
    void archiveThatIsNone() throws IOException {
        Path archive = Files.writeString(directory.resolve("model.pt"), "no archive");
        assertOneLine(assertThrows(ModelException.class, () -> ClipModel.load(archive, ComputeOptions.cpu())), "model.pt");
    }

    @Test
    void noSuchDirectory() {
        assertOneLine(assertThrows(ModelException.class, () -> ClipModel.load(directory.resolve("nowhere"), ComputeOptions.cpu())),
                "no model here");
    }

    @Test
    void halfPrecisionOnTheProcessor() {
        ComputeOptions half = new ComputeOptions(DeviceChoice.CPU, Precision.FLOAT16);
        assertOneLine(assertThrows(ModelException.class, () -> ClipModel.load(directory, half)), "float16");
    }

    private Path weights() {
        return directory.resolve("model.safetensors");
    }

    /** Replaces what is found in {@code config.json}, which must be there. */
    private void configure(String regex, String replacement) throws IOException {
        Path config = directory.resolve("config.json");
        String before = Files.readString(config);
        String after = before.replaceAll(regex, replacement);
        assertNotEquals(before, after);
        Files.writeString(config, after);
    }

    private void assertRefused(String word) {
        assertOneLine(assertThrows(ModelException.class, () -> ClipModel.load(directory, ComputeOptions.cpu())), word);
    }

    private static void assertOneLine(ModelException e, String word) {
        assertTrue(e.getMessage().contains(word), e.getMessage());
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
    }
}

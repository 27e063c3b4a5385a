package dev.promptgate.clip.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.clip.config.ClipConfig;
import dev.promptgate.clip.config.ClipConfig.Activation;
import dev.promptgate.clip.config.ClipConfig.TextShape;
import dev.promptgate.clip.config.ClipConfig.TowerShape;
import dev.promptgate.clip.config.ClipConfig.VisionShape;
import dev.promptgate.clip.failure.ModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Publishers' configurations: what they leave out, what they write in other ways, and what is refused. */
class ConfigTest {
    private static final ClipConfig B32 = new ClipConfig(
            new TextShape(new TowerShape(512, 2048, 12, 8, Activation.QUICK_GELU, 1e-5f), 49408, 77, 49406, 49407),
            new VisionShape(new TowerShape(768, 3072, 12, 12, Activation.QUICK_GELU, 1e-5f), 224, 32), 512);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"{'model_type': 'clip'}", "{'text_config': {}, 'vision_config': {}}",
            "{'model_type': 'clip', 'text_config': null, 'vision_config_dict': null}",
            "{'text_config': {'bos_token_id': null, 'eos_token_id': null}, 'vision_config': {'num_channels': null}}",
            "{'text_config': {'hidden_size': 9}, 'text_config_dict': {'bos_token_id': 0, 'eos_token_id': 2}, 'vision_config': {}}"})
    void huggingFacesDefaultsAreViTB32(String json) {
        assertEquals(B32, huggingFace(json));
    }

    @Test
    void openClipsDefaultsAreViTB16WithTheExactGelu() {
        assertEquals(new ClipConfig(
                new TextShape(new TowerShape(512, 2048, 12, 8, Activation.GELU, 1e-5f), 49408, 77, 49406, 49407),
                new VisionShape(new TowerShape(768, 3072, 12, 12, Activation.GELU, 1e-5f), 224, 16), 512),
                openClip("{'embed_dim': 512, 'quick_gelu': null, 'vision_cfg': {}, 'text_cfg': {}}"));
    }

    @Test
    void bothPublishersDescribeTheSameModelAlike() {
        assertEquals(B32, openClip("{'model_cfg': {'embed_dim': 512, 'quick_gelu': true, 'vision_cfg': {'image_size': [224, 224],"
                + "'patch_size': 32, 'layers': 12, 'mlp_ratio': 4, 'patch_dropout': 0.5, 'timm_pool': 'avg', 'pool_type': null,"
                + "'no_ln_pre': null}, 'text_cfg': {'proj_bias': null}}}"));
    }

    @Test
    void openClipsWidthOfTheFeedForwardLayerIsCutOff() {
        TowerShape bigG = openClip("{'embed_dim': 1280, 'vision_cfg': {'width': 1664, 'head_width': 104, 'mlp_ratio': 4.9231},"
                + "'text_cfg': {}}").vision().tower();
        assertEquals(8192, bigG.mlpWidth());
        assertEquals(16, bigG.heads());
    }

    @ParameterizedTest
    @CsvSource({"quick_gelu,QUICK_GELU", "gelu,GELU", "gelu_new,TANH_GELU", "gelu_pytorch_tanh,TANH_GELU"})
    void huggingFacesActivations(String name, Activation activation) {
        assertEquals(activation, huggingFace("{'text_config': {'hidden_act': '" + name + "'}, 'vision_config': {}}").text().tower()
                .activation());
    }

    @Test
    void openClipsOptionsOfActivationAndNorm() {
        TowerShape tower = openClip("{'embed_dim': 512, 'vision_cfg': {'act_kwargs': {'approximate': 'tanh'},"
                + "'norm_kwargs': {'eps': 1e-6}}, 'text_cfg': {}}").vision().tower();
        assertEquals(Activation.TANH_GELU, tower.activation());
        assertEquals(1e-6f, tower.epsilon());
    }

    @Test
    void idsOfTheFirstConfigurationsAreTheEndOfTheirVocabulary() {
        TextShape text = huggingFace("{'text_config': {'vocab_size': 600, 'bos_token_id': 0, 'eos_token_id': 2, 'pad_token_id': 1},"
                + "'vision_config': {}}").text();
        assertEquals(598, text.bosId());
        assertEquals(599, text.eosId());
    }

    @ParameterizedTest
    @ValueSource(strings = {"'image_size': '512x'", "'image_size': -224", "'image_size': 224.5", "'image_size': null", "'image_size': 1e30",
            "'image_size': [224, 256]", "'image_size': {'height': 224}", "'patch_size': 0", "'patch_size': 99999999999999999999",
            "'hidden_size': '768'", "'hidden_size': 2147483647", "'num_hidden_layers': 0", "'num_hidden_layers': 100000",
            "'intermediate_size': true", "'layer_norm_eps': 0", "'layer_norm_eps': '1e-5'", "'layer_norm_eps': 7", "'hidden_act': 'relu'",
            "'hidden_act': 1", "'num_channels': 4"})
    void valuesThatHuggingFaceCannotMean(String pair) {
        assertRefused(key(pair), () -> huggingFace("{'text_config': {}, 'vision_config': {" + pair + "}}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"model_type;{'model_type': 'siglip', 'text_config': {}, 'vision_config': {}}",
            "text_config;{}", "text_config;{'text_config': 5, 'vision_config': {}}", "JSON;[]", "JSON;{", "JSON;''",
            "projection_dim;{'model_type': 'clip', 'projection_dim': '512'}",
            "vocab_size;{'text_config': {'vocab_size': 0}, 'vision_config': {}}",
            "eos;{'text_config': {'vocab_size': 600, 'bos_token_id': 598, 'eos_token_id': 49407}, 'vision_config': {}}",
            "bos;{'text_config': {'bos_token_id': 49408}, 'vision_config': {}}",
            "heads;{'text_config': {'num_attention_heads': 7}, 'vision_config': {}}",
            "patch_size;{'text_config': {}, 'vision_config': {'image_size': 225}}"})
    void modelsThatHuggingFaceCannotMean(String word, String json) {
        assertRefused(word, () -> huggingFace(json));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'layers': [3, 4, 6, 3]", "'timm_model_name': 'vit_base_patch16_224'", "'attentional_pool': true",
            "'ls_init_value': 1e-4", "'no_ln_pre': true", "'pos_embed_type': 'sin_cos_2d'", "'final_ln_after_pool': true",
            "'pool_type': 'avg'", "'output_tokens': true", "'qk_norm': true", "'block_type': 'custom'", "'act_kwargs': {'inplace': true}",
            "'norm_kwargs': {'elementwise_affine': false}", "'mlp_ratio': 0", "'head_width': 0", "'head_width': 1000", "'widht': 768"})
    void otherImageTowers(String pair) {
        assertRefused(key(pair).equals("head_width") ? "head" : pair.contains("{") ? pair.split("'")[3] : key(pair),
                () -> openClip("{'embed_dim': 512, 'vision_cfg': {" + pair + "}, 'text_cfg': {}}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'hf_model_name': 'roberta-base'", "'text_arch': 'modern'", "'embed_cls': true", "'no_causal_mask': true",
            "'pool_type': 'last'", "'proj_bias': true", "'proj_type': 'none'", "'output_tokens': true", "'hf_tokenizer_name': 'google/mt5'",
            "'tokenizer_kwargs': {'clean': 'canonicalize'}", "'context_length': '77'", "'vocab_size': 1", "'scale_fc': true"})
    void otherTextTowers(String pair) {
        assertRefused(key(pair), () -> openClip("{'embed_dim': 512, 'vision_cfg': {}, 'text_cfg': {" + pair + "}}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"embed_dim;{'vision_cfg': {}, 'text_cfg': {}}", "vision_cfg;{'embed_dim': 1, 'text_cfg': {}}",
            "multimodal_cfg;{'embed_dim': 1, 'vision_cfg': {}, 'text_cfg': {}, 'multimodal_cfg': {}}",
            "init_logit_bias;{'embed_dim': 1, 'vision_cfg': {}, 'text_cfg': {}, 'init_logit_bias': -10}",
            "quick_gelu;{'embed_dim': 1, 'vision_cfg': {}, 'text_cfg': {}, 'quick_gelu': 'yes'}",
            "act_kwargs;{'embed_dim': 1, 'vision_cfg': {}, 'text_cfg': {'act_kwargs': {'approximate': 'tanh'}}, 'quick_gelu': true}"})
    void otherModelsOfOpenClip(String key, String json) {
        assertRefused(key, () -> openClip(json));
    }

    @Test
    void aLongValueIsCutInTheMessage() {
        assertTrue(assertRefused("image_size",
                () -> huggingFace("{'text_config': {}, 'vision_config': {'image_size': '" + "9\\n".repeat(10_000) + "'}}")).length() < 500);
    }

    private static String key(String pair) {
        return pair.split("'")[1];
    }

    private ClipConfig huggingFace(String json) {
        return HuggingFaceConfig.read(write(json));
    }

    private ClipConfig openClip(String json) {
        return OpenClipConfig.read(write(json));
    }

    private Path write(String json) {
        try {
            return Files.writeString(directory.resolve("any.json"), json.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String assertRefused(String word, Executable reading) {
        String message = assertThrows(ModelException.class, reading).getMessage();
        assertTrue(message.contains(word), message);
        assertFalse(message.contains("\n"), message);
        return message;
    }
}

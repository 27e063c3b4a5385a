package dev.promptgate.clip.tokenizer;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes the {@code tokenizer.json} that stands for CLIP's older vocabulary files. */
final class TokenizerJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private TokenizerJson() {}

    static String fromVocabularyFiles(Path directory) throws IOException {
        Map<String, Integer> vocabulary = JSON.readValue(directory.resolve("vocab.json").toFile(), new TypeReference<>() {});
        List<String> merges = Files.readAllLines(directory.resolve("merges.txt")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#version")).toList();
        JsonNode root = JSON.readTree(TokenizerJson.class.getResource("tokenizer-template.json"));
        for (JsonNode token : root.get("added_tokens")) {
            ((ObjectNode) token).put("id", id(vocabulary, token.get("content").asText()));
        }
        for (String end : List.of("cls", "sep")) {
            ArrayNode token = (ArrayNode) root.get("post_processor").get(end);
            token.set(1, JSON.getNodeFactory().numberNode(id(vocabulary, token.get(0).asText())));
        }
        ObjectNode model = (ObjectNode) root.get("model");
        model.set("vocab", JSON.valueToTree(vocabulary));
        model.set("merges", JSON.valueToTree(merges));
        return JSON.writeValueAsString(root);
    }

    private static int id(Map<String, Integer> vocabulary, String token) throws IOException {
        if (!vocabulary.containsKey(token)) {
            throw new IOException("the vocabulary lacks " + token);
        }
        return vocabulary.get(token);
    }
}

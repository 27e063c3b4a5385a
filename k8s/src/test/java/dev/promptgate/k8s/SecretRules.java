package dev.promptgate.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.cli.command.KnownSettings;
import dev.promptgate.cli.model.ModelOptions;
import dev.promptgate.service.settings.KafkaSettings;
import dev.promptgate.service.settings.SettingsSources;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** No secret stands in a manifest: objects refer to secrets by name. */
final class SecretRules {
    private SecretRules() {}

    static List<String> violations(ObjectNode resource) {
        List<String> violations = new ArrayList<>();
        String name = resource.at("/metadata/name").asText();
        if (resource.get("kind").asText().equals("Secret") && (resource.has("data") || resource.has("stringData"))) {
            violations.add(name + ": a secret's value stands in the manifest");
        }
        resource.path("data").properties().stream().filter(entry -> isSecret(entry.getKey()))
                .forEach(entry -> violations.add(name + ": " + entry.getKey() + " belongs into a secret"));
        for (JsonNode container : resource.at("/spec/template/spec/containers")) {
            for (JsonNode variable : container.path("env")) {
                if (isSecret(variable.get("name").asText()) && variable.has("value")) {
                    violations.add(name + ": " + variable.get("name").asText() + " has its value in the manifest");
                }
            }
        }
        return violations;
    }

    private static boolean isSecret(String variable) {
        String key = variable.replaceFirst("^" + SettingsSources.ENVIRONMENT_PREFIX, "").toLowerCase(Locale.ROOT).replace('_', '.');
        return variable.equals(ModelOptions.HUB_TOKEN)
                || key.startsWith(KafkaSettings.PROPERTY_PREFIX) && KafkaSettings.isSecretProperty(key)
                || KnownSettings.catalogue().settings().stream()
                        .anyMatch(setting -> setting.isSecret() && setting.environmentVariable().equals(variable));
    }
}

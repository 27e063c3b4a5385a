package dev.promptgate.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.bundled.SampleStream;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.Multipart;
import dev.promptgate.testing.TestBroker;
import dev.promptgate.testing.model.BundledModelTest;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.validation.ResponseValidator;
import io.vertx.openapi.validation.SchemaValidationException;
import io.vertx.openapi.validation.ValidatableResponse;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The document is valid OpenAPI 3.1, and the answers are what it says. */
@BrokerTest
@BundledModelTest
class OpenApiIT {
    private static final List<String> CLASSES = SampleStream.entries().stream().map(SampleStream.Entry::label).distinct().limit(5).toList();
    private static final byte[] IMAGE = SampleStream.bytes(SampleStream.entries().get(0));

    private Vertx vertx;
    private Rollouts rollouts;
    private RunningClassifier classifier;
    private OpenAPIContract contract;

    @BeforeAll
    void start(TestBroker broker, ClipModel model) throws Exception {
        vertx = Vertx.vertx();
        rollouts = new Rollouts(broker.bootstrapServers(), broker.uniquePrefix(), model);
        classifier = RunningClassifier.start(rollouts, model, Map.of("classifier.max-batch-images", "3", "images.max-bytes", "100000"))
                .ready();
        contract = OpenAPIContract.from(vertx, new JsonObject(forTheValidator(classifier.send(classifier.get("/v1/openapi.json")).body())))
                .await();
    }

    @AfterAll
    void stop() {
        classifier.close();
        rollouts.close();
        vertx.close().await();
    }

    /** Vert.x' validator knows few media types: a body of any image, and a problem, are shown to it under names that it knows. */
    private static String forTheValidator(String document) {
        JsonObject json = new JsonObject(document);
        json.getJsonObject("paths").getJsonObject("/v1/classify").getJsonObject("post").getJsonObject("requestBody")
                .getJsonObject("content").remove("image/*");
        return json.encode().replace("application/problem+json", "application/json");
    }

    private JsonObject held(String operation, int status, HttpRequest.Builder request) throws Exception {
        HttpResponse<String> response = classifier.send(request);
        assertEquals(status, response.statusCode(), response::body);
        Map<String, String> headers = new HashMap<>();
        response.headers().map().forEach((name, values) -> headers.put(name, values.get(0)));
        assertTrue(headers.containsKey("x-prompt-version"), headers::toString);
        String type = status == 200 ? "application/json" : "application/problem+json";
        assertEquals(type, response.headers().firstValue("Content-Type").orElseThrow());
        ResponseValidator.create(vertx, contract)
                .validate(ValidatableResponse.create(status, headers, Buffer.buffer(response.body()), "application/json"), operation)
                .await();
        return new JsonObject(response.body());
    }

    @Test
    void itNamesEveryPathAndNoOther() {
        assertEquals(Set.of("classify", "classifyBatch", "prompt", "embeddings", "classes", "openapi"),
                contract.operations().stream().map(Operation::getOperationId).collect(Collectors.toSet()));
        contract.operations().forEach(operation -> assertTrue(operation.getDefaultResponse() == null && operation.getResponse(200) != null,
                operation.getOperationId()));
    }

    @Test
    void answersAreWhatItSays() throws Exception {
        held("prompt", 200, classifier.get("/v1/prompt"));
        held("classes", 200, classifier.get("/v1/classes"));
        held("embeddings", 404, classifier.get("/v1/prompt/embeddings"));
        held("classify", 409, classifier.post("/v1/classify", "image/jpeg", IMAGE));
        rollouts.rollOut(3, CLASSES);
        classifier.awaitVersion(3);
        held("prompt", 200, classifier.get("/v1/prompt"));
        held("classes", 200, classifier.get("/v1/classes"));
        held("classify", 200, classifier.post("/v1/classify", "image/jpeg", IMAGE));
        held("classify", 200, classifier.post("/v1/classify?zero_shot=true&class=zebra&top=1", "image/jpeg", IMAGE));
        held("classify", 200, classifier.post("/v1/classify?abstain=true", "image/jpeg", IMAGE));
        held("classifyBatch", 200, classifier.post("/v1/classify/batch?zero_shot=true&abstain=true", Multipart.TYPE,
                new Multipart().file("a", IMAGE).file("b", new byte[9]).bytes()));
        held("openapi", 200, classifier.get("/v1/openapi.json"));
    }

    @Test
    void problemsAreWhatItSays() throws Exception {
        held("classify", 400, classifier.post("/v1/classify?top=0", "image/jpeg", IMAGE));
        held("classify", 413, classifier.post("/v1/classify", "image/jpeg", new byte[300_000]));
        held("classify", 415, classifier.post("/v1/classify", "text/plain", IMAGE));
        held("classify", 422, classifier.post("/v1/classify?class=%20", "image/jpeg", IMAGE));
        held("classifyBatch", 413, classifier.post("/v1/classify/batch", Multipart.TYPE,
                new Multipart().file("a", IMAGE).file("b", IMAGE).file("c", IMAGE).file("d", IMAGE).bytes()));
        held("classifyBatch", 415, classifier.post("/v1/classify/batch", "image/jpeg", IMAGE));
    }

    @Test
    void theValidatorSeesWhatIsWrong() {
        ValidatableResponse wrong = ValidatableResponse.create(200, Map.of("X-Prompt-Version", "3"),
                Buffer.buffer("{\"version\":\"three\",\"classes\":[]}"), "application/json");
        assertThrows(SchemaValidationException.class, () -> ResponseValidator.create(vertx, contract).validate(wrong, "classes").await());
    }
}

package dev.promptgate.service.api;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Lets a request pass that carries the token (RFC 6750); any other gets 401, after a time that tells nothing of it. Thread-safe. */
public final class BearerToken implements Handler<RoutingContext> {
    private static final String SCHEME = "bearer ";

    private final byte[] expected;

    public BearerToken(String token) {
        if (token.isBlank()) {
            throw new IllegalArgumentException("A token must not be empty");
        }
        expected = token.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void handle(RoutingContext context) {
        String header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            context.fail(refusal("This needs the token: send the header 'Authorization: Bearer TOKEN'", "Bearer"));
        } else if (!MessageDigest.isEqual(expected, header.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8))) {
            context.fail(refusal("The token is not the one that this service was given", "Bearer error=\"invalid_token\""));
        } else {
            context.next();
        }
    }

    private static ProblemException refusal(String detail, String challenge) {
        return Problem.of(401, detail).with("WWW-Authenticate", challenge).exception();
    }
}

package dev.promptgate.service.api;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Servers and routers whose every refusal is a {@link Problem}, also of what is no HTTP request at all. */
public final class ApiServer {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final int FIRST_ERROR = 400;
    private static final int LAST_ERROR = 599;
    private static final int SERVER_ERROR = 500;

    private ApiServer() {}

    /** A router without routes; what no route answers or what fails in one is answered with a problem. */
    public static Router router(Vertx vertx) {
        Router router = Router.router(vertx);
        for (int status = FIRST_ERROR; status <= LAST_ERROR; status++) {
            router.errorHandler(status, context -> problemOf(context).send(context.response()));
        }
        return router;
    }

    /** Opens a server with the limits in {@code options}, to which TLS is added; port 0 takes any. */
    public static Future<HttpServer> open(Vertx vertx, Router router, HttpServerOptions options, ApiSettings settings, String host,
            int port) {
        settings.tls().ifPresent(pem -> options.setSsl(true).setKeyCertOptions(pem));
        return vertx.createHttpServer(options).requestHandler(HostNames.of(host, settings.allowedHosts()).guarding(router))
                .invalidRequestHandler(ApiServer::refuseInvalid).listen(port, host);
    }

    /** The address under which a server that was opened is reached. */
    public static String address(HttpServer server, ApiSettings settings, String host) {
        return "%s://%s:%d".formatted(settings.tls().isPresent() ? "https" : "http", host.contains(":") ? "[" + host + "]" : host,
                server.actualPort());
    }

    private static Problem problemOf(RoutingContext context) {
        Throwable failure = context.failure();
        if (failure instanceof ProblemException expected) {
            return expected.problem();
        }
        int status = failure instanceof HttpException http ? http.getStatusCode() : context.statusCode();
        if (failure != null && status == SERVER_ERROR) {
            LOG.error("A request failed [method: {}, path: {}]", context.request().method(), context.normalizedPath(), failure);
        }
        return Problem.of(status, switch (status) {
            case 400 -> "The request cannot be understood";
            case 404 -> "There is nothing here; see the service's README for its paths";
            case 405 -> "This path does not take that method";
            case 406 -> "The answer is JSON, which the request's Accept header excludes";
            case 408 -> "The request took too long to arrive";
            case 413 -> "The body is larger than this path takes";
            case 415 -> "This path does not take a body of that content type";
            default -> status < SERVER_ERROR ? "The request is refused" : "The service failed; its log says why";
        });
    }

    private static void refuseInvalid(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        Problem problem = cause instanceof TooLongHttpLineException ? Problem.of(414, "The address is too long")
                : cause instanceof TooLongHttpHeaderException ? Problem.of(431, "The headers are too large")
                        : Problem.of(400, "This is no valid HTTP request");
        problem.with("Connection", "close").send(request.response());
        request.connection().close();
    }
}

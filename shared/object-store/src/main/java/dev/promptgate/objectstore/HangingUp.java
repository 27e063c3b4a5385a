package dev.promptgate.objectstore;

import java.io.FilterInputStream;
import java.io.IOException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * Hangs up where a body is closed before its end. HTTP clients read the rest instead, to keep the connection: a body that drips holds the
 * SDK up there after the time is over, or after the calling thread was interrupted.
 */
record HangingUp(SdkHttpClient client) implements SdkHttpClient {
    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        ExecutableHttpRequest prepared = client.prepareRequest(request);
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                HttpExecuteResponse response = prepared.call();
                return HttpExecuteResponse.builder().response(response.httpResponse())
                        .responseBody(response.responseBody().map(HangingUp::whenClosedEarly).orElse(null)).build();
            }

            @Override
            public void abort() {
                prepared.abort();
            }
        };
    }

    private static AbortableInputStream whenClosedEarly(AbortableInputStream body) {
        return AbortableInputStream.create(new FilterInputStream(body) {
            private boolean isAtEnd;

            @Override
            public int read() throws IOException {
                int b = super.read();
                isAtEnd |= b < 0;
                return b;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int n = super.read(bytes, offset, length);
                isAtEnd |= n < 0;
                return n;
            }

            @Override
            public void close() throws IOException {
                if (!isAtEnd) {
                    body.abort();
                }
                super.close();
            }
        }, body);
    }

    @Override
    public String clientName() {
        return client.clientName();
    }

    @Override
    public void close() {
        client.close();
    }
}

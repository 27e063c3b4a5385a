package dev.promptgate.consoletest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A way to a server that can be cut and mended: bytes go through as they are, until {@link #cut()} breaks every connection and refuses new
 * ones. Whoever starts it closes it.
 */
final class Relay implements AutoCloseable {
    private final URI target;
    private final int port;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private ServerSocket door;

    private Relay(URI target, ServerSocket door) {
        this.target = target;
        this.port = door.getLocalPort();
        listen(door);
    }

    static Relay to(URI target) throws IOException {
        return new Relay(target, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    /** Where visitors go instead of the server. */
    URI address() {
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    void cut() throws IOException {
        door.close();
        for (Socket socket : open) {
            socket.close();
        }
        open.clear();
    }

    void mend() throws IOException {
        listen(new ServerSocket(port, 50, InetAddress.getLoopbackAddress()));
    }

    private void listen(ServerSocket opened) {
        door = opened;
        threads.execute(() -> {
            try {
                while (true) {
                    Socket visitor = opened.accept();
                    open.add(visitor);
                    Socket server = new Socket(target.getHost(), target.getPort());
                    open.add(server);
                    threads.execute(() -> pass(visitor, server));
                    threads.execute(() -> pass(server, visitor));
                }
            } catch (IOException e) {
                if (!opened.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        });
    }

    private void pass(Socket from, Socket to) {
        try (from; to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // one of the two is gone, and takes the other with it
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    @Override
    public void close() throws IOException {
        cut();
        threads.shutdownNow();
    }
}

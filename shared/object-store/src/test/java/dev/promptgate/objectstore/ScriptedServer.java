package dev.promptgate.objectstore;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A server whose every answer is written by a script, byte by byte; then the connection ends. */
final class ScriptedServer implements AutoCloseable {
    @FunctionalInterface
    interface Answer {
        /** @param n how many requests there have been, this one included */
        void write(int n, OutputStream out) throws IOException, InterruptedException;
    }

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicInteger requests = new AtomicInteger();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final Answer answer;

    ScriptedServer(Answer answer) throws IOException {
        this.answer = answer;
        start(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    int requests() {
        return requests.get();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                start(() -> serve(connection));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            BufferedReader in = new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
            String line = in.readLine();
            if (line != null) {
                while (!line.isEmpty()) {
                    line = in.readLine();
                }
                answer.write(requests.incrementAndGet(), connection.getOutputStream());
            }
        } catch (IOException | InterruptedException e) {
            // the client hung up, or the test is over
        }
    }

    private void start(Runnable task) {
        Thread thread = new Thread(task, "scripted-server");
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        threads.forEach(Thread::interrupt);
    }
}

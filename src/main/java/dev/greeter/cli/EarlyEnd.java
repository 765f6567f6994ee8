package dev.greeter.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** SIGINT and SIGTERM end a command early, and the process with the command's own exit code, once it has reported. */
final class EarlyEnd {
    private final CompletableFuture<Integer> code = new CompletableFuture<>();
    private final Thread hook;

    EarlyEnd(Runnable end) {
        hook = new Thread(() -> {
            end.run();
            try {
                Runtime.getRuntime().halt(code.get());
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** The command is done. Only the first call counts. */
    void told(int exitCode) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyEnding) {
            // the hook waits for the code
        }
        code.complete(exitCode);
    }
}

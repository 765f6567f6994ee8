package dev.greeter.config;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Looks at the configuration file while the service runs, on a thread of its own, and hands on what changed and can
 * change. Only the file is read again: the environment and the command line still win over it.
 *
 * <p>What the file says counts once two looks in a row found it so, as an editor may empty a file before it writes it,
 * and an empty one is all defaults. Then it is taken or refused, and either is told once.
 */
public final class ConfigWatch implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(ConfigWatch.class);

    private final ConfigSources sources;
    private final Consumer<Config> onChange;
    private final CountDownLatch closed = new CountDownLatch(1);
    private Config running;
    private Config wanted;
    private Object seen = "nothing yet";
    private Object judged = "nothing yet";

    ConfigWatch(Config running, ConfigSources sources, Consumer<Config> onChange) {
        this.running = running;
        this.wanted = running;
        this.sources = sources;
        this.onChange = onChange;
    }

    /**
     * Looks until it is closed, or not at all where the sources have no file.
     *
     * @param running what these sources gave
     * @param onChange takes what is to hold from now on, on the watch's thread; it differs in keys that can change only
     */
    public static ConfigWatch start(Config running, ConfigSources sources, Consumer<Config> onChange) {
        ConfigWatch watch = new ConfigWatch(running, sources, onChange);
        sources.file().ifPresent(file -> {
            Thread thread = new Thread(() -> watch.lookAt(file), "configuration");
            thread.setDaemon(true);
            thread.start();
        });
        return watch;
    }

    private void lookAt(Path file) {
        try {
            while (!closed.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                look(file);
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    void look(Path file) {
        Object says = says(file);
        boolean settled = says.equals(seen);
        seen = says;
        if (!settled || says.equals(judged)) {
            return;
        }
        try {
            Config next = sources.load();
            Config live = sources.load(running);
            if (says.equals(says(file))) {
                judged = says;
                take(next, live);
            }
        } catch (ConfigException refused) {
            judged = says;
            LOG.error("configuration stays as it was: {}", String.join("; ", refused.lines()));
        }
    }

    /** Octets, or why there are none. */
    private static Object says(Path file) {
        try {
            return YamlFile.octets(file);
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    private void take(Config next, Config live) {
        for (Key<?> key : Keys.ALL) {
            if (!key.live() && key.differs(next, running) && key.differs(next, wanted)) {
                told(LOG.atWarn(), key, running, next).log("configuration needs a restart");
            }
        }
        wanted = next;
        Config before = running;
        List<Key<?>> changed =
                Keys.ALL.stream().filter(key -> key.differs(before, live)).toList();
        if (changed.isEmpty()) {
            return;
        }
        running = live;
        // a change of the level may hide the line that tells it
        boolean visible = LOG.isInfoEnabled();
        if (visible) {
            tell(changed, before, live);
        }
        onChange.accept(live);
        if (!visible) {
            tell(changed, before, live);
        }
    }

    private static void tell(List<Key<?>> changed, Config before, Config after) {
        for (Key<?> key : changed) {
            told(LOG.atInfo(), key, before, after).log("configuration changed");
        }
    }

    private static LoggingEventBuilder told(LoggingEventBuilder line, Key<?> key, Config before, Config after) {
        return line.addKeyValue("key", key.name())
                .addKeyValue("old", key.shown(before))
                .addKeyValue("new", key.shown(after));
    }

    @Override
    public void close() {
        closed.countDown();
    }
}

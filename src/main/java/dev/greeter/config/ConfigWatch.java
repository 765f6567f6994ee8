package dev.greeter.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Looks at the configuration file while the service runs, on a thread of its own, and hands on what changed and can
 * change. Only a regular file is read again: the environment and the command line still win over it, and a pipe has said
 * all that it has to say.
 *
 * <p>What the file holds counts once two looks in a row found the same, because writing it takes time. Then it is taken or
 * refused, and either is logged once. A file that is empty, gone or unreadable is refused.
 */
public final class ConfigWatch implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(ConfigWatch.class);

    private final ConfigSources sources;
    private final Consumer<Config> onChange;
    private final CountDownLatch closed = new CountDownLatch(1);
    private Config running;
    private Config wanted;
    /** An empty file is all defaults at the start, and nothing to speak of as long as it stays so. */
    private final boolean beganEmpty;

    private @Nullable ConfigFile seen;
    private @Nullable ConfigFile judged;

    ConfigWatch(Config running, ConfigSources sources, Consumer<Config> onChange) {
        this.running = running;
        this.wanted = running;
        this.sources = sources;
        this.onChange = onChange;
        beganEmpty = sources.file()
                .map(ConfigFile::readAgain)
                .filter(ConfigFile.EMPTY::equals)
                .isPresent();
    }

    /**
     * Looks until it is closed, or not at all where the sources have no file that can be read again.
     *
     * @param running what these sources gave
     * @param onChange takes what is to hold from now on, on the watch's thread; it differs in keys that can change only
     */
    public static ConfigWatch start(Config running, ConfigSources sources, Consumer<Config> onChange) {
        ConfigWatch watch = new ConfigWatch(running, sources, onChange);
        sources.file().filter(ConfigFile::canBeReadAgain).ifPresent(file -> {
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
        ConfigFile now = ConfigFile.readAgain(file);
        boolean settled = now.equals(seen);
        seen = now;
        if (!settled || now.equals(judged)) {
            return;
        }
        boolean isAsAtTheStart = judged == null && beganEmpty && now.equals(ConfigFile.EMPTY);
        judged = now;
        if (isAsAtTheStart) {
            return;
        }
        try {
            take(sources.load(now), sources.load(now, running));
        } catch (ConfigException refused) {
            LOG.error("configuration stays as it was: {}", String.join("; ", refused.lines()));
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
        // a change of the level may hide the line that reports it; any other is reported once it holds
        boolean isOfTheLevel = before.log().level() != live.log().level();
        boolean early = isOfTheLevel && LOG.isInfoEnabled();
        if (early) {
            tell(changed, before, live);
        }
        onChange.accept(live);
        if (!early) {
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

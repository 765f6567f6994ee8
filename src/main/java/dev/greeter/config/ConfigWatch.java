package dev.greeter.config;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Reads the configuration file again and again while the service runs, on the thread of a {@link FileWatch}, and applies
 * changes of live keys. The environment and the command line still come before the file. Only a regular file is read again,
 * because a pipe has nothing left to read.
 *
 * <p>New contents count when two reads in a row found the same, because writing a file takes time. They are applied or
 * refused, and either is logged once. A file that is empty, gone or unreadable is refused.
 */
public final class ConfigWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigWatch.class);

    private final ConfigSources sources;
    private final Consumer<Config> onChange;
    private Config running;
    private Config wanted;
    /** A file that is empty at the start stands for all defaults, and is not reported as long as it stays empty. */
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
     * Starts to read the file twice a second, until the watch is closed; does nothing if no source is a file that can be read
     * again.
     *
     * @param running the configuration that these sources gave
     * @param onChange takes each new configuration, on the watch's thread; only live keys differ from the one before
     */
    public static FileWatch start(Config running, ConfigSources sources, Consumer<Config> onChange) {
        ConfigWatch watch = new ConfigWatch(running, sources, onChange);
        FileWatch files = new FileWatch("configuration");
        sources.file().filter(ConfigFile::canBeReadAgain).ifPresent(file -> files.start(() -> watch.look(file)));
        return files;
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
                with(LOG.atWarn(), key, running, next).log("configuration needs a restart");
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
        // a new level may hide the line that reports it, so that line comes first; any other change is reported once it
        // holds
        boolean isOfTheLevel = before.log().level() != live.log().level();
        boolean early = isOfTheLevel && LOG.isInfoEnabled();
        if (early) {
            log(changed, before, live);
        }
        onChange.accept(live);
        if (!early) {
            log(changed, before, live);
        }
    }

    private static void log(List<Key<?>> changed, Config before, Config after) {
        for (Key<?> key : changed) {
            with(LOG.atInfo(), key, before, after).log("configuration changed");
        }
    }

    private static LoggingEventBuilder with(LoggingEventBuilder line, Key<?> key, Config before, Config after) {
        return line.addKeyValue("key", key.name())
                .addKeyValue("old", key.shown(before))
                .addKeyValue("new", key.shown(after));
    }
}

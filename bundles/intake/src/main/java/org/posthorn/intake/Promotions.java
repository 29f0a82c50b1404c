package org.posthorn.intake;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Origin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The filters in the shadow that count for a share of the mail. Safe for several threads. */
final class Promotions {

    private static final Logger log = LoggerFactory.getLogger(Promotions.class);
    private static final Duration WINDOW = Duration.ofHours(1);

    private final Optional<PromotionFile> file;
    private final Clock clock;
    private final Map<String, Deque<Instant>> failures = new HashMap<>();
    private volatile Map<String, Promotion> all = Map.of();

    /** @param file without one they end with the process */
    Promotions(Optional<PromotionFile> file, Clock clock) {
        this.file = file;
        this.clock = clock;
        Map<String, Promotion> read = new LinkedHashMap<>();
        file.ifPresent(f -> f.read().forEach(p -> read.put(p.filter(), p)));
        all = read;
    }

    /**
     * Who judges a mail: the filters of the settings, and in the place of one of them, or behind them all, those that are promoted for it. A
     * client and sender that come again meet the same filters.
     *
     * @param able whether a filter is there and not left alone
     */
    List<String> chain(Settings settings, Origin origin, Optional<Address> sender, Predicate<String> able) {
        Map<String, Promotion> now = all;
        if (now.isEmpty()) return settings.filters();
        List<String> chain = settings.filters();
        for (String name : settings.shadow()) {
            Promotion promotion = now.get(name);
            if (promotion == null || chain.contains(name) || !drawn(promotion, origin, sender)) continue;
            if (able.test(name)) chain = with(name, chain);
        }
        return chain;
    }

    /** The chain with that filter in the place of another version of it, or behind all. */
    static List<String> with(String name, List<String> chain) {
        List<String> other = new ArrayList<>(chain);
        int place = other.stream().map(FilterName::plain).toList().indexOf(FilterName.plain(name));
        if (place < 0) other.add(name);
        else other.set(place, name);
        return List.copyOf(other);
    }

    private static boolean drawn(Promotion promotion, Origin origin, Optional<Address> sender) {
        if (promotion.share() == Promotion.ALL) return true;
        String from = sender.map(s -> s.folded().toString()).orElse("");
        long hash = 1125899906842597L;
        String text = TraceFields.literal(origin.client().getAddress()) + from + promotion.filter();
        for (int i = 0; i < text.length(); i++) hash = 31 * hash + text.charAt(i);
        // Mixed, so that names that differ in their last letter fall far from each other.
        hash = (hash ^ hash >>> 32) * 0x9E3779B97F4A7C15L;
        return Long.remainderUnsigned(hash ^ hash >>> 29, Promotion.ALL) < promotion.share();
    }

    /** Has it count for so many of 10,000 mails. Is on disk when this returns. */
    synchronized void promote(String filter, int share) throws IOException {
        failures.remove(filter);
        put(new Promotion(filter, share, ""));
    }

    /** Makes it a mere shadow. Is on disk when this returns. @return whether it was more */
    synchronized boolean demote(String filter) throws IOException {
        if (!all.containsKey(filter)) return false;
        Map<String, Promotion> rest = new LinkedHashMap<>(all);
        boolean counted = rest.remove(filter).share() > 0;
        keep(rest);
        return counted;
    }

    Optional<Promotion> of(String filter) {
        return Optional.ofNullable(all.get(filter));
    }

    /** It failed while it counted; if that was too often, it is a shadow again. */
    synchronized void failed(String filter, int most) {
        Promotion promotion = all.get(filter);
        if (promotion == null || promotion.share() == 0) return;
        Deque<Instant> recent = failures.computeIfAbsent(filter, f -> new ArrayDeque<>());
        Instant now = clock.instant();
        recent.add(now);
        while (recent.getFirst().isBefore(now.minus(WINDOW))) recent.removeFirst();
        if (recent.size() < most) return;
        String why = "failed " + recent.size() + " times within an hour, at last " + now;
        log.error(
                "The filter {} {} while it counted for {} of the mail; it is a shadow again",
                filter,
                why,
                promotion.percent());
        failures.remove(filter);
        try {
            put(new Promotion(filter, 0, why));
        } catch (IOException e) {
            log.error(
                    "That {} is a shadow again could not be written down; a restart promotes it anew: {}",
                    filter,
                    e.toString());
        }
    }

    private void put(Promotion promotion) throws IOException {
        Map<String, Promotion> more = new LinkedHashMap<>(all);
        more.put(promotion.filter(), promotion);
        keep(more);
    }

    /** In force even when the disk does not take it. */
    private void keep(Map<String, Promotion> now) throws IOException {
        all = now;
        if (file.isPresent()) file.get().write(now.values());
    }
}

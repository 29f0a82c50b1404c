package org.posthorn.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.posthorn.api.dns.DnsAnswer;
import org.posthorn.api.dns.DnsAnswer.Status;
import org.posthorn.api.dns.DnsResolver;
import org.posthorn.api.dns.Mx;
import org.posthorn.dns.Answers.Answer;
import org.posthorn.dns.Answers.Question;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** Asks name servers that recurse, one after another, and believes them for as long as they say. */
final class Resolver implements DnsResolver {

    private static final Logger LOG = LoggerFactory.getLogger(Resolver.class);
    /** Aliases that lead to aliases end somewhere, or they are a circle. */
    private static final int MOST_ALIASES = 8;
    /** A "no" that does not say for how long holds for nothing but this question, RFC 2308 5; one that does, for three hours at most. */
    private static final long LONGEST_NO_SECONDS = Duration.ofHours(3).toSeconds();

    private static final int ROUNDS = 2;
    /** So many times as long as one server may take, a question may: no more servers are asked then, and no more aliases followed. */
    private static final int PATIENCE = 4;

    private final List<SimpleResolver> servers;
    private final Answers answers;
    private final LongSupplier nanoTime;
    private final Random random;
    private final long most;

    Resolver(List<SimpleResolver> servers, int cached, LongSupplier nanoTime, Random random) {
        this.servers = servers;
        this.answers = new Answers(cached, nanoTime);
        this.nanoTime = nanoTime;
        this.random = random;
        this.most = servers.stream()
                .mapToLong(s -> s.getTimeout().toNanos() * PATIENCE)
                .max()
                .orElse(0);
    }

    @Override
    public DnsAnswer<Mx> mx(String domain) {
        DnsAnswer<Mx> answer = ask(
                domain,
                Type.MX,
                r -> r instanceof MXRecord mx ? List.of(new Mx(mx.getPriority(), host(mx.getTarget()))) : List.of());
        List<Mx> sorted = new ArrayList<>(answer.records());
        Collections.shuffle(sorted, random);
        sorted.sort(Comparator.comparingInt(Mx::preference));
        return new DnsAnswer<>(answer.status(), sorted, answer.secure());
    }

    /** Half an answer is better than none, unless it is none: then the half that failed may have been the one. */
    @Override
    public DnsAnswer<InetAddress> addresses(String host) {
        DnsAnswer<InetAddress> six =
                ask(host, Type.AAAA, r -> r instanceof AAAARecord a ? List.of(a.getAddress()) : List.of());
        DnsAnswer<InetAddress> four =
                ask(host, Type.A, r -> r instanceof ARecord a ? List.of(a.getAddress()) : List.of());
        List<InetAddress> all = new ArrayList<>(six.records());
        all.addAll(four.records());
        if (!all.isEmpty()) return new DnsAnswer<>(Status.FOUND, all, six.secure() && four.secure());
        Status status = six.status() == Status.FAILED ? Status.FAILED : four.status();
        return new DnsAnswer<>(status, List.of(), six.secure() && four.secure());
    }

    @Override
    public DnsAnswer<String> txt(String name) {
        return ask(name, Type.TXT, r -> r instanceof TXTRecord t ? List.of(joined(t)) : List.of());
    }

    @Override
    public DnsAnswer<String> ptr(InetAddress address) {
        return ask(
                ReverseMap.fromAddress(address),
                Type.PTR,
                r -> r instanceof PTRRecord p ? List.of(host(p.getTarget())) : List.of());
    }

    private static String joined(TXTRecord record) {
        StringBuilder all = new StringBuilder();
        for (byte[] part : record.getStringsAsByteArrays()) all.append(new String(part, StandardCharsets.UTF_8));
        return all.toString();
    }

    private static String host(Name name) {
        return name.toString(true).equals(".") || name.equals(Name.root) ? "" : name.toString(true);
    }

    private <T> DnsAnswer<T> ask(String name, int type, Function<Record, List<T>> read) {
        try {
            return ask(Name.fromString(name.endsWith(".") ? name : name + "."), type, read);
        } catch (TextParseException e) {
            // What cannot be a name is the name of nothing.
            return new DnsAnswer<>(Status.NO_SUCH_NAME, List.of(), false);
        }
    }

    private <T> DnsAnswer<T> ask(Name name, int type, Function<Record, List<T>> read) {
        Question question = new Question(name, type);
        Answer answer = answers.find(question).orElseGet(() -> {
            Answer fresh = follow(question);
            answers.keep(question, fresh);
            return fresh;
        });
        List<T> records =
                answer.records().stream().flatMap(r -> read.apply(r).stream()).toList();
        Status status = answer.status() == Status.FOUND && records.isEmpty() ? Status.NO_DATA : answer.status();
        return new DnsAnswer<>(status, records, answer.secure());
    }

    /** Servers follow aliases themselves; where one stops at the alias, this goes on. */
    private Answer follow(Question question) {
        Set<Name> seen = new HashSet<>();
        Question next = question;
        long seconds = Long.MAX_VALUE;
        long began = nanoTime.getAsLong();
        while (seen.add(next.name()) && seen.size() <= MOST_ALIASES) {
            Message message = exchange(next, began);
            if (message == null) return failed();
            Chain chain = Chain.of(message, next);
            seconds = Math.min(seconds, chain.seconds());
            boolean secure = message.getHeader().getFlag(Flags.AD);
            if (!chain.records().isEmpty()) return new Answer(Status.FOUND, chain.records(), secure, seconds);
            if (chain.end().equals(next.name()) || message.getRcode() == Rcode.NXDOMAIN)
                return no(message, secure, seconds);
            next = new Question(chain.end(), question.type());
        }
        LOG.debug("The aliases of {} lead in a circle, or too far", question.name());
        return failed();
    }

    private static Answer failed() {
        return new Answer(Status.FAILED, List.of(), false, 0);
    }

    private static Answer no(Message message, boolean secure, long seconds) {
        Status status = message.getRcode() == Rcode.NXDOMAIN ? Status.NO_SUCH_NAME : Status.NO_DATA;
        long no = message.getSection(Section.AUTHORITY).stream()
                .filter(SOARecord.class::isInstance)
                .map(SOARecord.class::cast)
                .mapToLong(soa -> Math.min(soa.getTTL(), soa.getMinimum()))
                .findFirst()
                .orElse(0);
        return new Answer(status, List.of(), secure, Math.min(seconds, Math.min(no, LONGEST_NO_SECONDS)));
    }

    /** The records asked for at the end of a chain of aliases. */
    private record Chain(Name end, List<Record> records, long seconds) {

        static Chain of(Message message, Question question) {
            Name end = question.name();
            long seconds = Long.MAX_VALUE;
            List<Record> all = message.getSection(Section.ANSWER);
            for (int i = 0; i < MOST_ALIASES; i++) {
                Name here = end;
                CNAMERecord alias = all.stream()
                        .filter(r -> r.getName().equals(here) && r instanceof CNAMERecord)
                        .map(CNAMERecord.class::cast)
                        .findFirst()
                        .orElse(null);
                if (alias == null) break;
                seconds = Math.min(seconds, alias.getTTL());
                end = alias.getTarget();
            }
            Name last = end;
            List<Record> records = all.stream()
                    .filter(r -> r.getName().equals(last) && r.getType() == question.type())
                    .toList();
            for (Record r : records) seconds = Math.min(seconds, r.getTTL());
            return new Chain(end, records, seconds);
        }
    }

    /** The first server's answer that is one; null when none has one. Who says nothing is asked once more: packets get lost. */
    private Message exchange(Question question, long began) {
        Message query = Message.newQuery(Record.newRecord(question.name(), question.type(), DClass.IN));
        List<SimpleResolver> toAsk = servers;
        for (int round = 0; round < ROUNDS; round++) {
            List<SimpleResolver> silent = new ArrayList<>();
            for (SimpleResolver server : toAsk) {
                if (nanoTime.getAsLong() - began > most) return null;
                try {
                    Message answer = server.send(query);
                    int code = answer.getRcode();
                    if (code == Rcode.NOERROR || code == Rcode.NXDOMAIN) return answer;
                    LOG.debug("{} answers {} to {}", server.getAddress(), Rcode.string(code), question);
                } catch (IOException e) {
                    LOG.debug("{} does not answer {}: {}", server.getAddress(), question, e.toString());
                    silent.add(server);
                }
            }
            toAsk = silent;
        }
        return null;
    }

    int cached() {
        return answers.size();
    }
}

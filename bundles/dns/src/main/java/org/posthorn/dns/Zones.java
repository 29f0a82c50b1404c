package org.posthorn.dns;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Master;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SetResponse;
import org.xbill.DNS.Type;
import org.xbill.DNS.Zone;

/** What is said of zones of one's own, RFC 1034 4.3.2. Nobody else is asked. */
final class Zones {

    /** What passes most networks whole, as the DNS Flag Day of 2020 found. */
    static final int UDP_OCTETS = 1232;
    /** RFC 1035 4.2.1, for who does not say that he takes more. */
    private static final int UDP_WITHOUT_EDNS = 512;

    /** The deepest first: of two that hold a name it is the one to ask. */
    private final List<Zone> zones;

    private Zones(List<Zone> zones) {
        this.zones = zones;
    }

    /** Reads master files, RFC 1035 5: one zone each, whose name is that of its SOA. @throws IOException when one cannot be read or is no zone */
    static Zones of(List<Path> files) throws IOException {
        List<Zone> zones = new ArrayList<>();
        for (Path file : files) zones.add(read(file));
        zones.sort(Comparator.comparingInt((Zone z) -> z.getOrigin().labels()).reversed());
        return new Zones(zones);
    }

    static Zone read(Path file) throws IOException {
        List<Record> records = new ArrayList<>();
        try (Master master = new Master(Files.newInputStream(file), Name.root)) {
            // Another file is read by whoever may write this one, and by nobody else; what is generated has no bound.
            master.disableIncludes();
            master.expandGenerate(false);
            for (Record next = master.nextRecord(); next != null; next = master.nextRecord()) records.add(next);
            if (master.generators().hasNext()) throw new IOException("$GENERATE is not served");
        } catch (RuntimeException e) {
            throw new IOException("it cannot be understood: " + e.getMessage(), e);
        }
        Name name = records.stream()
                .filter(SOARecord.class::isInstance)
                .findFirst()
                .map(Record::getName)
                .orElseThrow(() -> new IOException("there is no SOA"));
        for (Record record : records) {
            if (!record.getName().subdomain(name))
                throw new IOException(record.getName() + " is not in the zone " + name);
            if (record.getType() == Type.DNAME) throw new IOException("DNAME is not served: " + record.getName());
        }
        return new Zone(name, records.toArray(Record[]::new));
    }

    /** How long the answer may be that comes by UDP, in octets: RFC 6891 6.2.3. */
    static int room(Message query) {
        OPTRecord edns = query.getOPT();
        int wanted = edns == null ? UDP_WITHOUT_EDNS : Math.min(edns.getPayloadSize(), UDP_OCTETS);
        return Math.max(wanted, UDP_WITHOUT_EDNS);
    }

    Message answer(Message query) {
        Message answer = new Message(query.getHeader().getID());
        Header header = answer.getHeader();
        header.setFlag(Flags.QR);
        header.setOpcode(query.getHeader().getOpcode());
        if (query.getHeader().getFlag(Flags.RD)) header.setFlag(Flags.RD);
        int code = fill(query, answer);
        // Of a code the header has four bits, the rest stands in the OPT: RFC 6891 6.1.3.
        header.setRcode(code & 15);
        OPTRecord edns = query.getOPT();
        if (edns != null)
            answer.addRecord(
                    new OPTRecord(UDP_OCTETS, code >> 4, 0, edns.getFlags() & ExtendedFlags.DO), Section.ADDITIONAL);
        return answer;
    }

    private int fill(Message query, Message answer) {
        List<Record> questions = query.getSection(Section.QUESTION);
        long options = query.getSection(Section.ADDITIONAL).stream()
                .filter(OPTRecord.class::isInstance)
                .count();
        if (questions.size() != 1 || options > 1) return Rcode.FORMERR;
        Record question = questions.get(0);
        answer.addRecord(question, Section.QUESTION);
        if (query.getOPT() != null && query.getOPT().getVersion() > 0) return Rcode.BADVERS;
        if (query.getHeader().getOpcode() != Opcode.QUERY) return Rcode.NOTIMP;
        // A zone is not handed out whole.
        boolean plain = question.getDClass() == DClass.IN && Type.isRR(question.getType());
        return plain ? look(question.getName(), question.getType(), answer) : Rcode.REFUSED;
    }

    private int look(Name name, int type, Message answer) {
        Optional<Zone> zone = holding(name);
        if (zone.isEmpty()) return Rcode.REFUSED;
        answer.getHeader().setFlag(Flags.AA);
        Name next = name;
        while (zone.isPresent()) {
            SetResponse found = zone.get().findRecords(next, type);
            Optional<CNAMERecord> alias = alias(found, zone.get(), next, type);
            if (alias.isEmpty()) return end(found, zone.get(), answer);
            // Aliases that lead round in a circle are told once.
            if (answer.findRecord(alias.get(), Section.ANSWER)) return Rcode.NOERROR;
            answer.addRecord(alias.get(), Section.ANSWER);
            next = alias.get().getTarget();
            zone = holding(next);
        }
        // What an alias leads to elsewhere, whoever asks finds there.
        return Rcode.NOERROR;
    }

    private static Optional<CNAMERecord> alias(SetResponse found, Zone zone, Name name, int type) {
        if (found.isCNAME()) return Optional.of(found.getCNAME());
        if (!found.isNXRRSET() || type == Type.CNAME) return Optional.empty();
        // dnsjava follows no alias that a wildcard stands for (RFC 4592 3.3.1), but finds it by its type.
        SetResponse wild = zone.findRecords(name, Type.CNAME);
        return wild.isSuccessful()
                ? Optional.of((CNAMERecord) wild.answers().get(0).first())
                : Optional.empty();
    }

    private Optional<Zone> holding(Name name) {
        return zones.stream().filter(z -> name.subdomain(z.getOrigin())).findFirst();
    }

    private int end(SetResponse found, Zone zone, Message answer) {
        if (found.isSuccessful()) {
            for (RRset set : found.answers()) add(set, Section.ANSWER, answer);
            return Rcode.NOERROR;
        }
        if (found.isDelegation()) {
            if (answer.getSection(Section.ANSWER).isEmpty()) answer.getHeader().unsetFlag(Flags.AA);
            add(found.getNS(), Section.AUTHORITY, answer);
            return Rcode.NOERROR;
        }
        answer.addRecord(no(zone.getSOA()), Section.AUTHORITY);
        return found.isNXDOMAIN() ? Rcode.NXDOMAIN : Rcode.NOERROR;
    }

    /** For how long the "no" holds, RFC 2308 3. */
    private static Record no(SOARecord soa) {
        long seconds = Math.min(soa.getTTL(), soa.getMinimum());
        return Record.newRecord(soa.getName(), Type.SOA, DClass.IN, seconds, soa.rdataToWireCanonical());
    }

    private void add(RRset set, int section, Message answer) {
        for (Record record : set.rrs(false)) {
            answer.addRecord(record, section);
            host(record).ifPresent(host -> addresses(host, answer));
        }
    }

    private static Optional<Name> host(Record record) {
        if (record instanceof MXRecord mx) return Optional.of(mx.getTarget());
        if (record instanceof NSRecord ns) return Optional.of(ns.getTarget());
        return record instanceof SRVRecord srv ? Optional.of(srv.getTarget()) : Optional.empty();
    }

    private void addresses(Name host, Message answer) {
        for (int type : new int[] {Type.A, Type.AAAA}) {
            RRset set = holding(host).map(z -> z.findExactMatch(host, type)).orElse(null);
            if (set == null) continue;
            for (Record record : set.rrs(false))
                if (!answer.findRecord(record)) answer.addRecord(record, Section.ADDITIONAL);
        }
    }
}

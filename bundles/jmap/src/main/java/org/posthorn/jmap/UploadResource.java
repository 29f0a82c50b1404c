package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where octets are posted that later calls refer to, RFC 8620 6.1. */
final class UploadResource implements Resource {

    private static final Pattern PATH = Pattern.compile("/([^/]+)/?");

    private final Services services;
    private final Uploads uploads;
    private final Turns turns = new Turns();

    UploadResource(Services services, Uploads uploads) {
        this.services = services;
        this.uploads = uploads;
    }

    @Override
    public List<String> methods() {
        return List.of("POST");
    }

    @Override
    public void serve(Exchange exchange) throws IOException, Refused {
        String account = account(exchange);
        Limits limits = services.limits().get();
        if (exchange.request().getContentLengthLong() > limits.uploadSize()) throw new Refused(tooLarge());
        Turns.Turn turn = turns.take(exchange.user(), limits.uploads())
                .orElseThrow(() -> new Refused(Problem.limit("maxConcurrentUpload")));
        try {
            exchange.answer(201, answer(account, exchange));
        } catch (Uploads.TooLarge e) {
            throw new Refused(tooLarge());
        } catch (Paced.Slow e) {
            throw new Refused(Paced.PROBLEM);
        } catch (Uploads.Full e) {
            throw new Refused(
                    Problem.plain(507, "There is no room for more uploads; use those that there are, or try later"));
        } finally {
            turn.close();
        }
    }

    private static Problem tooLarge() {
        return new Problem(413, Problem.limit("").type(), "It is longer than an upload may be", "maxSizeUpload");
    }

    /** The id of one that he finds: his own, or where he uses what he uploads. */
    private String account(Exchange exchange) throws Refused {
        Matcher path = PATH.matcher(exchange.path());
        try (Context context = new Context(exchange.user(), services, new HashMap<>())) {
            if (path.matches() && context.account(path.group(1)).isPresent()) return path.group(1);
        } catch (MethodFault fault) {
            throw new Refused(Problem.plain(503, "The mailboxes are away; try again"));
        }
        throw new Refused(Problem.plain(404, "There is no such account"));
    }

    private ObjectNode answer(String account, Exchange exchange) throws IOException {
        Uploads.Stored stored =
                uploads.store(exchange.user(), new Paced(exchange.request().getInputStream(), System::nanoTime));
        ObjectNode answer = Json.NODES.objectNode();
        answer.put("accountId", account);
        answer.put("blobId", stored.id());
        answer.put("type", MediaType.of(exchange.request().getContentType()));
        return answer.put("size", stored.size());
    }
}

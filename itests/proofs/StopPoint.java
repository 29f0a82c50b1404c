import com.sun.jdi.AbsentInformationException;
import com.sun.jdi.Bootstrap;
import com.sun.jdi.Location;
import com.sun.jdi.Method;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.LocatableEvent;
import com.sun.jdi.request.ClassPrepareRequest;
import com.sun.jdi.request.EventRequest;
import com.sun.jdi.request.MethodExitRequest;
import java.io.IOException;
import java.util.Map;

/**
 * Kills a server the hard way at a named point: {@code java StopPoint.java PORT PID CLASS METHOD entry|return HIT}. It attaches to the server's JVM as
 * a debugger does, and when the method is entered or left for the HIT-th time, with all threads suspended, ends the process with SIGKILL. So nothing of
 * this is in the server. It says {@code armed} when it waits, and {@code hit} at the end.
 */
public final class StopPoint {

    private final VirtualMachine machine;
    private final long pid;
    private final String type;
    private final String method;
    private final boolean entry;
    private int left;

    private StopPoint(VirtualMachine machine, String[] point) {
        this.machine = machine;
        pid = Long.parseLong(point[1]);
        type = point[2];
        method = point[3];
        entry = point[4].equals("entry");
        left = Integer.parseInt(point[5]);
    }

    public static void main(String[] args) throws Exception {
        StopPoint point = new StopPoint(attach(args[0]), args);
        point.arm();
        System.out.println("armed");
        point.follow();
    }

    private static VirtualMachine attach(String port) throws Exception {
        for (AttachingConnector connector : Bootstrap.virtualMachineManager().attachingConnectors()) {
            if (!connector.name().equals("com.sun.jdi.SocketAttach")) continue;
            Map<String, Connector.Argument> arguments = connector.defaultArguments();
            arguments.get("hostname").setValue("127.0.0.1");
            arguments.get("port").setValue(port);
            return connector.attach(arguments);
        }
        throw new IOException("this JDK cannot attach to another JVM");
    }

    private void arm() throws AbsentInformationException {
        ClassPrepareRequest prepared = machine.eventRequestManager().createClassPrepareRequest();
        prepared.addClassFilter(type);
        prepared.setSuspendPolicy(EventRequest.SUSPEND_ALL);
        prepared.enable();
        for (ReferenceType loaded : machine.classesByName(type)) arm(loaded);
    }

    private void arm(ReferenceType loaded) throws AbsentInformationException {
        boolean there = false;
        for (Method one : loaded.methodsByName(method)) {
            if (one.location() == null) continue;
            there = true;
            if (entry) arm(one.location());
        }
        if (!there) throw new IllegalArgumentException(type + " has no method " + method);
        if (!entry) armExit(loaded);
    }

    private void arm(Location location) {
        EventRequest request = machine.eventRequestManager().createBreakpointRequest(location);
        request.setSuspendPolicy(EventRequest.SUSPEND_ALL);
        request.enable();
    }

    private void armExit(ReferenceType loaded) {
        MethodExitRequest request = machine.eventRequestManager().createMethodExitRequest();
        request.addClassFilter(loaded);
        request.setSuspendPolicy(EventRequest.SUSPEND_ALL);
        request.enable();
    }

    private void follow() throws Exception {
        while (true) {
            EventSet events = machine.eventQueue().remove();
            for (Event event : events) {
                if (event instanceof ClassPrepareEvent prepared) arm(prepared.referenceType());
                if (!(event instanceof LocatableEvent at) || !at.location().method().name().equals(method)) continue;
                if (--left > 0) continue;
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
                System.out.println("hit");
                System.exit(0);
            }
            events.resume();
        }
    }
}

package org.posthorn.net;

import java.nio.channels.FileChannel;
import org.apache.mina.core.file.FileRegion;

/** A part of a message in the shape in which MINA sends files, so that its octets go from the page cache to the socket. */
final class MessageRegion implements FileRegion {

    private final MessageChannel channel;
    private long position;
    private long left;
    private long written;

    MessageRegion(Piece.Part part) {
        this.channel = new MessageChannel(part.message());
        this.position = part.position();
        this.left = part.size();
    }

    @Override
    public FileChannel getFileChannel() {
        return channel;
    }

    @Override
    public long getPosition() {
        return position;
    }

    @Override
    public long getRemainingBytes() {
        return left;
    }

    @Override
    public long getWrittenBytes() {
        return written;
    }

    @Override
    public String getFilename() {
        return "a message";
    }

    @Override
    public void update(long more) {
        position += more;
        written += more;
        left -= more;
    }
}

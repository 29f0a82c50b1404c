package org.posthorn.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.posthorn.api.mail.Message;

/** A message as MINA's way of sending files wants it: nothing but {@code transferTo} is ever called. */
final class MessageChannel extends FileChannel {

    /** A socket that says it can be written and then takes nothing, so many times in a row, is a message that has lost its end. */
    private static final int IN_VAIN = 16;

    private final Message message;
    private int inVain;

    MessageChannel(Message message) {
        this.message = message;
    }

    @Override
    public long transferTo(long from, long count, WritableByteChannel target) throws IOException {
        long n = message.transferTo(from, count, target);
        inVain = n > 0 ? 0 : inVain + 1;
        if (n < 0 || inVain == IN_VAIN) throw new IOException("the message ends before octet " + from);
        return n;
    }

    @Override
    protected void implCloseChannel() {}

    private static UnsupportedOperationException no() {
        return new UnsupportedOperationException("a message is only sent");
    }

    @Override
    public int read(ByteBuffer to) {
        throw no();
    }

    @Override
    public long read(ByteBuffer[] to, int offset, int length) {
        throw no();
    }

    @Override
    public int read(ByteBuffer to, long from) {
        throw no();
    }

    @Override
    public int write(ByteBuffer from) {
        throw no();
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) {
        throw no();
    }

    @Override
    public int write(ByteBuffer from, long to) {
        throw no();
    }

    @Override
    public long position() {
        throw no();
    }

    @Override
    public FileChannel position(long to) {
        throw no();
    }

    @Override
    public long size() {
        return message.size();
    }

    @Override
    public FileChannel truncate(long size) {
        throw no();
    }

    @Override
    public void force(boolean metaData) {
        throw no();
    }

    @Override
    public long transferFrom(ReadableByteChannel from, long to, long count) {
        throw no();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long from, long size) {
        throw no();
    }

    @Override
    public FileLock lock(long from, long size, boolean shared) {
        throw no();
    }

    @Override
    public FileLock tryLock(long from, long size, boolean shared) {
        throw no();
    }
}

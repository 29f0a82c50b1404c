package org.posthorn.spool;

import java.nio.file.Path;

/** Where octets lie. */
record Place(Path path, long position) {}

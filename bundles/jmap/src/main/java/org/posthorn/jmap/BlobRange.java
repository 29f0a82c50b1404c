package org.posthorn.jmap;

import java.util.OptionalLong;

/** A part of a blob. @param length empty for the rest */
record BlobRange(long offset, OptionalLong length) {}

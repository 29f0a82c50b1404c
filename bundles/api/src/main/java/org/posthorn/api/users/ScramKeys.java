package org.posthorn.api.users;

/**
 * What a server keeps for SCRAM, RFC 5802 3. The arrays are not to be changed.
 *
 * @param iterations at least 4096, RFC 7677 4
 */
public record ScramKeys(byte[] salt, int iterations, byte[] storedKey, byte[] serverKey) {}

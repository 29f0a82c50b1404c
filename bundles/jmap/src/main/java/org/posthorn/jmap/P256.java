package org.posthorn.jmap;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;

/** Keys of the curve P-256, and their uncompressed form of X9.62: an octet 4 and two coordinates. */
final class P256 {

    /** Of a public key. */
    static final int OCTETS = 65;

    private static final int COORDINATE = 32;
    private static final String NAME = "secp256r1";
    private static final ECParameterSpec CURVE = curve();

    private P256() {}

    private static ECParameterSpec curve() {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec(NAME));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    private static IllegalStateException missing(GeneralSecurityException e) {
        return new IllegalStateException("each JVM has P-256", e);
    }

    static KeyPair generate(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(NAME), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    static ECParameterSpec parameters() {
        return CURVE;
    }

    /** @throws IllegalArgumentException when it is no point of the curve: one of another curve would tell about the other's secret */
    static ECPublicKey publicKey(byte[] octets) {
        if (octets.length != OCTETS || octets[0] != 4)
            throw new IllegalArgumentException("a public key has " + OCTETS + " octets, the first of which is 4");
        ECPoint point = new ECPoint(
                new BigInteger(1, Arrays.copyOfRange(octets, 1, 1 + COORDINATE)),
                new BigInteger(1, Arrays.copyOfRange(octets, 1 + COORDINATE, OCTETS)));
        if (!isOnCurve(point)) throw new IllegalArgumentException("a public key is no point of the curve P-256");
        try {
            return (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, CURVE));
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    private static boolean isOnCurve(ECPoint point) {
        BigInteger p = ((ECFieldFp) CURVE.getCurve().getField()).getP();
        BigInteger x = point.getAffineX();
        BigInteger y = point.getAffineY();
        if (x.compareTo(p) >= 0 || y.compareTo(p) >= 0) return false;
        BigInteger right = x.pow(3)
                .add(CURVE.getCurve().getA().multiply(x))
                .add(CURVE.getCurve().getB());
        return y.pow(2).subtract(right).mod(p).signum() == 0;
    }

    static byte[] octets(ECPublicKey key) {
        ByteBuffer octets = ByteBuffer.allocate(OCTETS).put((byte) 4);
        octets.put(coordinate(key.getW().getAffineX()));
        return octets.put(coordinate(key.getW().getAffineY())).array();
    }

    private static byte[] coordinate(BigInteger number) {
        byte[] octets = number.toByteArray();
        byte[] whole = new byte[COORDINATE];
        int length = Math.min(octets.length, COORDINATE);
        System.arraycopy(octets, octets.length - length, whole, COORDINATE - length, length);
        return whole;
    }
}

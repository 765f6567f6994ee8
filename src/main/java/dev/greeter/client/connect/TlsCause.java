package dev.greeter.client.connect;

/** Why a client and a server did not agree on TLS. */
public enum TlsCause {
    EXPIRED("expired", "the certificate is expired"),
    NOT_YET_VALID("not-yet-valid", "the certificate is not valid yet"),
    UNTRUSTED("untrusted", "no trusted authority signed the certificate"),
    OTHER_NAME("other-name", "the certificate is for another name"),
    /** It is revoked, uses a forbidden algorithm, or breaks another rule of RFC 5280. */
    CERTIFICATE("certificate", "the certificate breaks a rule"),
    /** The server answers in plain, so it speaks another protocol. */
    NO_TLS("no-tls", "the server does not speak TLS"),
    /** Anything else that either side objects to, such as versions, suites, or a certificate of the client. */
    HANDSHAKE("handshake", "the handshake failed");

    private final String label;
    private final String text;

    TlsCause(String label, String text) {
        this.label = label;
        this.text = text;
    }

    /** The name in reports and metrics. */
    public String label() {
        return label;
    }

    /** A clause for a person. */
    public String text() {
        return text;
    }
}

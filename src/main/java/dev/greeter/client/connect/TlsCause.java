package dev.greeter.client.connect;

/** Why a client and a server did not agree on TLS. */
public enum TlsCause {
    EXPIRED("expired", "the certificate is expired"),
    NOT_YET_VALID("not-yet-valid", "the certificate is not valid yet"),
    UNTRUSTED("untrusted", "no trusted authority signed the certificate"),
    OTHER_NAME("other-name", "the certificate is for another name"),
    /** It is revoked, uses a forbidden algorithm, is not for servers, or breaks another rule of RFC 5280. */
    CERTIFICATE("certificate", "the certificate breaks a rule"),
    /** The server lets in no client without a certificate that it accepts. */
    CLIENT_CERTIFICATE("client-certificate", "the client's certificate is refused"),
    VERSION("version", "no version of TLS in common"),
    /** It has no certificate for the name that it was asked for. */
    UNKNOWN_NAME("unknown-name", "the server has no such name"),
    /** The server answers in plain, so it speaks another protocol. */
    NO_TLS("no-tls", "the server does not speak TLS"),
    /** Anything else that either side objects to, such as its suites. */
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

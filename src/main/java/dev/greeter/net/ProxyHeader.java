package dev.greeter.net;

import dev.greeter.net.ServerBinding.Admission;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol.AddressFamily;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol.TransportProtocol;
import io.netty.util.AttributeKey;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the header at the beginning of a proxy's connection, of version 1 or 2 of the PROXY protocol. Vert.x gets the connection
 * only when the header is complete, with the address in the header and the octets behind it. Any other beginning closes
 * the connection. Used by its channel's event loop only.
 */
final class ProxyHeader extends ChannelInboundHandlerAdapter {
    /** The values behind the addresses of version 2, such as a client's certificate. None of them is used. */
    private static final int MAX_TLV_OCTETS = 4 << 10;

    /** Section 2.1 of the protocol: no number begins with a zero that means nothing. */
    private static final Pattern VERSION_1 =
            Pattern.compile("PROXY (?:UNKNOWN(?: (?s:.*))?|TCP(?<ip>[46]) (?<from>[\\da-fA-F.:]+)"
                    + " (?<to>[\\da-fA-F.:]+) (?<port>0|[1-9]\\d{0,4}) (?<toport>0|[1-9]\\d{0,4}))\r\n");

    private static final String MALFORMED = "the header is malformed";

    private static final AttributeKey<Accepted> ACCEPTED = AttributeKey.valueOf(ProxyHeader.class, "accepted");

    private static final Logger LOG = LoggerFactory.getLogger(ProxyHeader.class);

    /**
     * What is known of a proxy's connection before its server has it.
     *
     * @param admission its place, which it has had since it was accepted
     * @param client by its header; null if the header names none
     */
    record Accepted(Admission admission, @Nullable InetSocketAddress client) {
        /**
         * Makes Vert.x take the client's address for the connection's. It does so once: an HTTP connection begins as a socket,
         * and where that has asked for the address, the connection itself has to be named again.
         */
        void name(Channel channel) {
            if (client != null) {
                channel.attr(ConnectionBase.REMOTE_ADDRESS_OVERRIDE).set(SocketAddress.inetSocketAddress(client));
            }
        }
    }

    private final ProxyHeaders headers;
    private final ProxyHeaders.Awaited awaited;
    private final Channel channel;
    private final ChannelHandler vertx;
    private final Deadline deadline;
    private boolean begun;
    private boolean done;

    /** @param vertx the initializer by which Vert.x makes a connection its own, as soon as it is added to its channel */
    private ProxyHeader(ProxyHeaders headers, Channel channel, ChannelHandler vertx) {
        this.headers = headers;
        this.channel = channel;
        this.vertx = vertx;
        awaited = headers.of(channel.eventLoop());
        deadline = awaited.add(this);
    }

    /** Makes an accepted connection wait for its header, once it has its event loop and before Vert.x gets it. */
    static ChannelHandler awaiting(ProxyHeaders headers, ServerBinding binding) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                ChannelHandler vertx = channel.pipeline().removeLast();
                Admission admission = binding.takePlace();
                channel.attr(ACCEPTED).set(new Accepted(admission, null));
                channel.closeFuture().addListener(closed -> {
                    Accepted unserved = taken(channel);
                    if (unserved != null) {
                        binding.release(unserved.admission());
                    }
                });
                if (admission == Admission.IGNORED) {
                    ClientChannel.cut(channel);
                } else {
                    ProxyHeader header = new ProxyHeader(headers, channel, vertx);
                    channel.pipeline().addLast(header.new Decoder(), header);
                }
            }
        };
    }

    /** Takes what is known of a connection, once; null if it is not a proxy's. */
    static @Nullable Accepted taken(Channel channel) {
        return channel.hasAttr(ACCEPTED) ? channel.attr(ACCEPTED).getAndSet(null) : null;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (message instanceof HAProxyMessage header && !done) {
                received(header);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void received(HAProxyMessage header) {
        boolean local = header.command() == HAProxyCommand.LOCAL;
        if (!local && header.proxiedProtocol().transportProtocol() == TransportProtocol.DGRAM) {
            refuse("the header is of datagrams");
            return;
        }
        AddressFamily family = header.proxiedProtocol().addressFamily();
        boolean named = !local && (family == AddressFamily.AF_IPv4 || family == AddressFamily.AF_IPv6);
        serve(named ? new InetSocketAddress(address(header.sourceAddress()), header.sourcePort()) : null);
    }

    /** The header is complete; the client is null if it names none. */
    private void serve(@Nullable InetSocketAddress client) {
        end();
        if (client != null) {
            Accepted accepted = new Accepted(channel.attr(ACCEPTED).get().admission(), client);
            channel.attr(ACCEPTED).set(accepted);
            accepted.name(channel);
        }
        channel.pipeline().addLast(vertx).remove(this);
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByAddress(NetUtil.createByteArrayFromIpAddressString(text));
        } catch (UnknownHostException wrongLength) {
            throw new IllegalStateException(wrongLength);
        }
    }

    /** It has to be complete within this time, if it has not less. */
    void expectWithin(Duration time) {
        deadline.inAtMost(time);
    }

    /** Called at each tick of the clock. */
    void check() {
        if (deadline.isOver()) {
            closedInside("the header is not complete in time");
            ClientChannel.cut(channel);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closedInside("the header is not complete");
    }

    /** A connection without any octet is a proxy's check, and no error. */
    private void closedInside(String cause) {
        if (begun) {
            refuse(cause);
        } else {
            end();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof DecoderException) {
            refuse(MALFORMED);
        } else {
            if (!(cause instanceof IOException)) {
                LOG.error("a connection failed", cause);
            }
            ClientChannel.cut(channel);
        }
    }

    private void refuse(String cause) {
        if (!done) {
            end();
            headers.report(SocketAddress.inetSocketAddress((InetSocketAddress) channel.remoteAddress()), cause);
            ClientChannel.cut(channel);
        }
    }

    private void end() {
        done = true;
        awaited.remove(this);
    }

    /**
     * Netty's decoder, which waits for more octets than it takes to see that this is no header, and sets no end to some. Version 1
     * is read here: Netty does not take the port 0, which a proxy sends for a client that has none.
     */
    private final class Decoder extends HAProxyMessageDecoder {
        private static final byte[] TEXT = {'P', 'R', 'O', 'X', 'Y', ' '};
        private static final String TEXT_END = "\r\n";
        private static final int MAX_TEXT_OCTETS = 107;
        private static final byte[] BINARY = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
        private static final int VERSION_2 = 0x2;
        private static final int MAX_PORT = 0xffff;

        private int seen;
        private boolean text = true;
        private boolean binary = true;
        private final StringBuilder line = new StringBuilder();

        Decoder() {
            super(MAX_TLV_OCTETS);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
            if (done || !isHeader((ByteBuf) message)) {
                ReferenceCountUtil.release(message);
                refuse("there is no header");
            } else if (binary) {
                super.channelRead(context, message);
            } else {
                readText(context, (ByteBuf) message);
            }
        }

        private void readText(ChannelHandlerContext context, ByteBuf read) {
            while (read.isReadable() && line.indexOf(TEXT_END) < 0 && line.length() < MAX_TEXT_OCTETS) {
                line.append((char) (read.readByte() & 0xff));
            }
            Matcher text = VERSION_1.matcher(line);
            if (text.matches() && areValid(text)) {
                serve(text.group("ip") == null ? null : new InetSocketAddress(address(text.group("from")), port(text)));
                if (read.isReadable()) {
                    context.fireChannelRead(read.retain());
                }
                context.pipeline().remove(this);
            }
            read.release();
            if (!done && (line.indexOf(TEXT_END) >= 0 || line.length() == MAX_TEXT_OCTETS)) {
                refuse(MALFORMED);
            }
        }

        private static boolean areValid(Matcher text) {
            String version = text.group("ip");
            return version == null
                    || (isAddress(version, text.group("from"))
                            && isAddress(version, text.group("to"))
                            && port(text) <= MAX_PORT
                            && Integer.parseInt(text.group("toport")) <= MAX_PORT);
        }

        private static boolean isAddress(String version, String text) {
            return version.equals("6")
                    ? NetUtil.isValidIpV6Address(text)
                    // in one form only, because some read a number that begins with a zero as octal
                    : NetUtil.isValidIpV4Address(text)
                            && NetUtil.toAddressString(address(text)).equals(text);
        }

        private static int port(Matcher text) {
            return Integer.parseInt(text.group("port"));
        }

        /** Whether a header may begin like this. */
        private boolean isHeader(ByteBuf read) {
            begun = true;
            for (int i = read.readerIndex(); i < read.writerIndex() && seen <= BINARY.length; i++) {
                byte octet = read.getByte(i);
                text &= seen >= TEXT.length || octet == TEXT[seen];
                binary &= seen < BINARY.length ? octet == BINARY[seen] : octet >> 4 == VERSION_2;
                seen++;
            }
            return text || binary;
        }
    }
}

package dev.greeter.bench.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import java.time.DateTimeException;
import java.time.format.DateTimeFormatter;

/** One connection of a {@link JavaLoad}: sends the request, receives exactly the answer, and sends again. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel, which fails the load
final class Client extends ChannelInboundHandlerAdapter {
    private final JavaLoad load;
    private final Script script;
    private final byte[] date = new byte[Script.DATE_OCTETS];
    private String checkedDate = "";
    private byte[] expected;
    private int received;
    private ByteBuf request = Unpooled.EMPTY_BUFFER;
    private boolean over;

    Client(JavaLoad load) {
        this.load = load;
        script = load.script;
        expected = script.opening;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        request = context.alloc().directBuffer().writeBytes(script.request);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        request.release();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (script.opening.length == 0) {
            send(context);
        } else {
            context.writeAndFlush(Unpooled.wrappedBuffer(script.opening));
        }
    }

    private void send(ChannelHandlerContext context) {
        expected = script.answer;
        received = 0;
        context.writeAndFlush(request.retainedDuplicate());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf octets = (ByteBuf) message;
        try {
            if (!accepts(octets)) {
                over = true;
                load.fail("a wrong answer, at its octet " + received + ": " + octets.toString(US_ASCII));
                context.close();
            }
        } finally {
            octets.release();
        }
        if (!over && received == expected.length) {
            complete(context);
        }
    }

    private boolean accepts(ByteBuf octets) {
        int from = octets.readerIndex();
        int length = octets.readableBytes();
        if (over || length > expected.length - received) {
            return false;
        }
        boolean answer = isAnswer();
        for (int i = 0; i < length; i++) {
            byte octet = octets.getByte(from + i);
            if (answer && script.isDate(received)) {
                date[received - script.dateAt] = octet;
            } else if (octet != expected[received]) {
                return false;
            }
            received++;
        }
        return !answer || received < expected.length || isDateRight();
    }

    private boolean isAnswer() {
        return expected == script.answer;
    }

    private boolean isDateRight() {
        if (script.dateAt < 0) {
            return true;
        }
        String text = new String(date, US_ASCII);
        if (!text.equals(checkedDate)) {
            try {
                DateTimeFormatter.RFC_1123_DATE_TIME.parse(text);
            } catch (DateTimeException none) {
                return false;
            }
            checkedDate = text;
        }
        return true;
    }

    private void complete(ChannelHandlerContext context) {
        if (isAnswer()) {
            if (script.end == Script.End.SERVER) {
                // the exchange is complete with the server's close, and with no octet before it
                return;
            }
            load.answered();
        }
        if (!load.isStopping()) {
            send(context);
            return;
        }
        over = true;
        if (script.end == Script.End.CLOSE) {
            context.close();
        } else {
            // a session ends by its client's half-close, and the server's close after it
            ((DuplexChannel) context.channel()).shutdownOutput();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (script.end == Script.End.SERVER && !over && received == expected.length) {
            load.answered();
            if (!load.isStopping()) {
                load.connect();
                return;
            }
        } else if (!over) {
            load.fail("closed before an answer's end");
        }
        load.clientEnded();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        load.fail(cause.toString());
        context.close();
    }
}

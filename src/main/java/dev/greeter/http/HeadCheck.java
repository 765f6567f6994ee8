package dev.greeter.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Has a request that breaks one of {@link HeadRules} refused by our handlers, which Vert.x alone would serve, or answer past
 * them. Nothing that comes behind a refused request is looked at: where it ends is not certain. One for each connection;
 * stands between Netty's decoder and Vert.x.
 */
final class HeadCheck extends ChannelInboundHandlerAdapter {
    /** The request's head could be read, and is refused. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient Problem problem;

        private RefusedException(Problem problem) {
            // it is no fault of ours, and thrown nowhere
            super(problem.detail(), null, false, false);
            this.problem = problem;
        }

        Problem problem() {
            return problem;
        }
    }

    private boolean refused;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (refused) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest head) {
            check(head);
        }
        context.fireChannelRead(message);
    }

    private void check(HttpRequest head) {
        @Nullable Problem broken = head.decoderResult().isSuccess() ? HeadRules.broken(head) : null;
        if (broken != null) {
            head.setDecoderResult(DecoderResult.failure(new RefusedException(broken)));
        }
        refused = head.decoderResult().isFailure();
        if (refused) {
            // Vert.x would ask for the body of a request that is refused without it
            head.headers().remove(HttpHeaderNames.EXPECT);
        }
    }
}

/**
 * What both servers share: binding, limits and the end of a listener, lingering close, the headers of proxies, buffers, the time by which
 * they judge their peers, and addresses. The only package of the service that uses Vert.x's and Netty's internals. May import
 * {@code config}, {@code config.value}, {@code net.tls}.
 */
@NullMarked
package dev.greeter.net;

import org.jspecify.annotations.NullMarked;

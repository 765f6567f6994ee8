package dev.greeter.config;

import static dev.greeter.config.ConfigKey.Type.ADDRESS_BLOCKS;

import java.util.List;

/**
 * The proxies in front of a server that speak the PROXY protocol to it.
 *
 * @param from their addresses, each an {@link dev.greeter.config.value.AddressBlock}
 */
public record ProxyProtocol(
        @ConfigKey(type = ADDRESS_BLOCKS) List<String> from) {
    public ProxyProtocol {
        Keys.check(ProxyProtocol.class, from);
        from = List.copyOf(from);
    }
}

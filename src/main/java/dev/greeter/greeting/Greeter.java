package dev.greeter.greeting;

import dev.greeter.greeting.GreetingHandler.Next;
import dev.greeter.protocol.Request;

/** Answers greetings. Used by its verticle's event loop only. */
interface Greeter {
    /** Answers {@code World}. */
    Greeter PLAIN = (greeting, responses) -> {
        responses.batch().world(greeting);
        return Next.READ_ON;
    };

    /**
     * Adds the answer to the responses.
     *
     * @return how the connection goes on; a one-shot greeting is its last in any case
     */
    Next greet(Request.Greeting greeting, ResponseWriter responses);
}

/*
 * Clients that each send a request, receive exactly its answer, and send again. One thread, epoll.
 *
 *   load PORT CONNECTIONS END OPENING REQUEST ANSWER DATE_AT
 *
 * END: server (the answer ends with the server's close, and each exchange has its own connection), half-close or close (how a
 * client ends its connection). OPENING, REQUEST and ANSWER are files; the opening is sent first and comes back. DATE_AT is the
 * place in the answer of an HTTP date, or -1.
 *
 * A line on standard input gets a line with the number of answers so far. The line "stop" ends the load: each client receives
 * the answer that is due, then the last number comes. A wrong answer ends it with 1 and a line "failed: REASON".
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_TEXT = 65536, EVENTS = 256, DATE = 29 };
enum end { BY_SERVER, BY_HALF_CLOSE, BY_CLOSE };

struct text {
    char octets[MAX_TEXT];
    size_t length;
};

struct client {
    int fd;
    size_t received;
    bool connecting, opening, ended;
};

static struct text opening, request, answer;
static ssize_t date_at;
static enum end end;
static struct sockaddr_in server;
static int poller;
static long long answers;
static int clients;
static bool stopping;
static char checked_date[DATE];

static void fail(const char *format, ...) {
    va_list values;
    va_start(values, format);
    printf("failed: ");
    vprintf(format, values);
    printf("\n");
    exit(1);
}

static void read_text(struct text *text, const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) fail("%s: %s", path, strerror(errno));
    text->length = fread(text->octets, 1, MAX_TEXT, file);
    if (text->length == MAX_TEXT) fail("%s is too long", path);
    fclose(file);
}

static void send_text(struct client *client, const struct text *text) {
    client->received = 0;
    if (send(client->fd, text->octets, text->length, MSG_NOSIGNAL) != (ssize_t) text->length)
        fail("not sent: %s", strerror(errno));
}

static void begin(struct client *client) {
    client->opening = opening.length > 0;
    send_text(client, client->opening ? &opening : &request);
}

static void watch(struct client *client, int operation, unsigned events) {
    struct epoll_event event = {.events = events, .data.ptr = client};
    if (epoll_ctl(poller, operation, client->fd, &event)) fail("epoll_ctl: %s", strerror(errno));
}

static void connect_client(struct client *client) {
    client->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (client->fd < 0) fail("socket: %s", strerror(errno));
    if (end != BY_SERVER) setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    client->connecting = connect(client->fd, (struct sockaddr *) &server, sizeof server) != 0;
    if (client->connecting && errno != EINPROGRESS) fail("no connection: %s", strerror(errno));
    if (!client->connecting) begin(client);
    watch(client, EPOLL_CTL_ADD, client->connecting ? EPOLLOUT : EPOLLIN | EPOLLRDHUP);
}

static void connected(struct client *client) {
    int error = 0;
    getsockopt(client->fd, SOL_SOCKET, SO_ERROR, &error, &(socklen_t){sizeof error});
    if (error) fail("no connection: %s", strerror(error));
    client->connecting = false;
    begin(client);
    watch(client, EPOLL_CTL_MOD, EPOLLIN | EPOLLRDHUP);
}

static void close_client(struct client *client) {
    close(client->fd);
    clients--;
}

/* "Sun, 06 Nov 1994 08:49:37 GMT" */
static bool is_date(const char *octets) {
    static const char form[] = "Aaa, 00 Aaa 0000 00:00:00 GMT";
    for (int i = 0; i < DATE; i++) {
        char c = octets[i];
        bool right = i >= 26          ? c == form[i]
                     : form[i] == 'A' ? c >= 'A' && c <= 'Z'
                     : form[i] == 'a' ? c >= 'a' && c <= 'z'
                     : form[i] == '0' ? c >= '0' && c <= '9'
                                      : c == form[i];
        if (!right) return false;
    }
    return true;
}

/* Takes what has come out of the answer at its place, with the date compared apart. */
static bool is_right(const struct client *client, const char *octets, size_t length) {
    const struct text *expected = client->opening ? &opening : &answer;
    if (client->received + length > expected->length) return false;
    if (client->opening || date_at < 0) return !memcmp(octets, expected->octets + client->received, length);
    if (client->received != 0 || length != expected->length) {
        /* an answer in parts is rare: octet by octet */
        for (size_t i = 0; i < length; i++) {
            ssize_t at = (ssize_t) (client->received + i);
            bool dated = at >= date_at && at < date_at + DATE;
            if (!dated && octets[i] != expected->octets[at]) return false;
            if (dated && !strchr("ADFGJMNOSTWabcdehilnoprtuvy0123456789:, ", octets[i])) return false;
        }
        return true;
    }
    size_t after = (size_t) date_at + DATE;
    if (memcmp(octets, expected->octets, (size_t) date_at)
        || memcmp(octets + after, expected->octets + after, length - after))
        return false;
    if (memcmp(octets + date_at, checked_date, DATE)) {
        if (!is_date(octets + date_at)) return false;
        memcpy(checked_date, octets + date_at, DATE);
    }
    return true;
}

static void completed(struct client *client, long depth) {
    if (client->opening) {
        client->opening = false;
    } else {
        answers += depth;
    }
    if (!stopping) {
        send_text(client, &request);
        return;
    }
    client->ended = true;
    if (end == BY_CLOSE)
        close_client(client);
    else
        shutdown(client->fd, SHUT_WR);
}

static void closed(struct client *client) {
    if (end == BY_SERVER && client->received == answer.length) {
        answers++;
        close(client->fd);
        if (stopping)
            clients--;
        else
            connect_client(client);
    } else if (client->ended) {
        close_client(client);
    } else {
        fail("closed before an answer's end");
    }
}

static void readable(struct client *client, bool peer_ended, long depth) {
    char octets[MAX_TEXT];
    ssize_t length = recv(client->fd, octets, sizeof octets, 0);
    if (length < 0) {
        if (errno == EAGAIN) return;
        fail("not received: %s", strerror(errno));
    }
    if (length == 0) {
        closed(client);
        return;
    }
    if (client->ended || !is_right(client, octets, (size_t) length))
        fail("a wrong answer, from its octet %zu: %.*s", client->received, (int) length, octets);
    client->received += (size_t) length;
    if (client->received < (client->opening ? &opening : &answer)->length) return;
    if (end != BY_SERVER)
        completed(client, depth);
    else if (peer_ended)
        readable(client, false, depth);
}

static void command(void) {
    char lines[256];
    ssize_t length = read(STDIN_FILENO, lines, sizeof lines - 1);
    if (length <= 0) exit(1); /* the benchmark has ended */
    lines[length] = 0;
    for (char *line = lines, *lf; (lf = strchr(line, '\n')); line = lf + 1) {
        if (!strncmp(line, "stop", 4))
            stopping = true;
        else
            printf("%lld\n", answers);
    }
}

int main(int count, char **arguments) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (count != 8) fail("usage: load PORT CONNECTIONS END OPENING REQUEST ANSWER DATE_AT");
    server = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t) atoi(arguments[1]))};
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    clients = atoi(arguments[2]);
    end = !strcmp(arguments[3], "server") ? BY_SERVER : !strcmp(arguments[3], "half-close") ? BY_HALF_CLOSE : BY_CLOSE;
    read_text(&opening, arguments[4]);
    read_text(&request, arguments[5]);
    read_text(&answer, arguments[6]);
    date_at = atol(arguments[7]);
    /* a request of many lines is as many exchanges */
    long depth = 0;
    for (size_t i = 0; end == BY_HALF_CLOSE && i < request.length; i++) depth += request.octets[i] == '\n';
    if (depth == 0) depth = 1;

    poller = epoll_create1(0);
    struct epoll_event events[EVENTS] = {{.events = EPOLLIN, .data.ptr = NULL}};
    epoll_ctl(poller, EPOLL_CTL_ADD, STDIN_FILENO, &events[0]);
    struct client *all = calloc((size_t) clients, sizeof *all);
    for (int i = 0, connections = clients; i < connections; i++) connect_client(&all[i]);
    while (clients > 0) {
        int ready = epoll_wait(poller, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            struct client *client = events[i].data.ptr;
            if (!client)
                command();
            else if (client->connecting)
                connected(client);
            else
                readable(client, events[i].events & EPOLLRDHUP, depth);
        }
    }
    printf("%lld\n", answers);
    return 0;
}

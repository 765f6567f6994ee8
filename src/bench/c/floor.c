/*
 * Answers greetings and pages with the same octets as Greeter, for the least that a server can spend: one thread, epoll, a read
 * and a write for each answer. Checks, counts and limits nothing.
 *
 *   floor GREETING_PORT HTTP_PORT PAGE_FILE
 *
 * PAGE_FILE is the page's whole response.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READ = 65536, EVENTS = 256, MAX_FDS = 20000, LINES = READ / 6 + 2 };
enum kind { NONE, GREETING_LISTENER, HTTP_LISTENER, FIRST, SESSION, LINGERING, HTTP };

static enum kind kinds[MAX_FDS];
static int matched[MAX_FDS]; /* octets of a first request, or of the empty line that ends a request */
static char page[READ];
static size_t page_length;
static char worlds[LINES * 6];
static int poller;

static void watch(int fd, enum kind kind) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    kinds[fd] = kind;
    matched[fd] = 0;
    epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
}

static void listen_on(int port, enum kind kind) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t) port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(fd, (struct sockaddr *) &address, sizeof address) || listen(fd, 4096)) {
        perror("floor");
        exit(1);
    }
    watch(fd, kind);
}

static void accept_all(int listener) {
    enum kind kind = kinds[listener] == HTTP_LISTENER ? HTTP : FIRST;
    for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
        if (fd >= MAX_FDS) {
            close(fd);
            return;
        }
        if (kind == HTTP) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
        watch(fd, kind);
    }
}

/* The clients wait for each answer, so there is always room for one. */
static void answer(int fd, const char *octets, size_t length) {
    if (length > 0 && send(fd, octets, length, MSG_NOSIGNAL) < 0) kinds[fd] = LINGERING;
}

static void answer_lines(int fd, const char *octets, ssize_t length) {
    size_t lines = 0;
    const char *end = octets + length;
    for (const char *at = octets; (at = memchr(at, '\n', (size_t) (end - at))); at++) lines++;
    answer(fd, worlds, lines * 6);
}

static void answer_pages(int fd, const char *octets, ssize_t length) {
    static const char empty_line[] = "\r\n\r\n";
    for (ssize_t i = 0; i < length; i++) {
        matched[fd] = octets[i] == empty_line[matched[fd]] ? matched[fd] + 1 : octets[i] == '\r';
        if (matched[fd] == 4) {
            matched[fd] = 0;
            answer(fd, page, page_length);
        }
    }
}

static void readable(int fd) {
    static char octets[READ];
    ssize_t length = recv(fd, octets, READ, 0);
    if (length <= 0) {
        close(fd);
        return;
    }
    switch (kinds[fd]) {
        case FIRST:
            if (octets[0] == 'G' && matched[fd] == 0) {
                static const char preface[] = "GREETING/2\n";
                kinds[fd] = SESSION;
                setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
                answer(fd, preface, sizeof preface - 1);
                answer_lines(fd, octets + sizeof preface - 1, length - (ssize_t) sizeof preface + 1);
            } else if ((matched[fd] += (int) length) >= 5) {
                answer(fd, "World", 5);
                shutdown(fd, SHUT_WR);
                kinds[fd] = LINGERING;
            }
            break;
        case SESSION: answer_lines(fd, octets, length); break;
        case HTTP: answer_pages(fd, octets, length); break;
        default: break;
    }
}

int main(int count, char **arguments) {
    FILE *file = count == 4 ? fopen(arguments[3], "rb") : NULL;
    if (!file) {
        fprintf(stderr, "usage: floor GREETING_PORT HTTP_PORT PAGE_FILE\n");
        return 2;
    }
    page_length = fread(page, 1, READ, file);
    fclose(file);
    for (int i = 0; i < LINES; i++) memcpy(worlds + i * 6, "World\n", 6);
    poller = epoll_create1(0);
    listen_on(atoi(arguments[1]), GREETING_LISTENER);
    listen_on(atoi(arguments[2]), HTTP_LISTENER);
    for (;;) {
        struct epoll_event events[EVENTS];
        int ready = epoll_wait(poller, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (kinds[fd] == GREETING_LISTENER || kinds[fd] == HTTP_LISTENER)
                accept_all(fd);
            else
                readable(fd);
        }
    }
}

// Answers greetings and pages, and nothing else: server.js GREETING_PORT HTTP_PORT BODY_FILE
const { readFileSync } = require('fs');
const { createServer: createHttpServer } = require('http');
const { createServer } = require('net');

const [greetingPort, httpPort, bodyFile] = process.argv.slice(2);
const body = readFileSync(bodyFile);
const LF = 10;
const PREFACE = 'GREETING/2\n';

function lines(octets) {
  let count = 0;
  for (let at = octets.indexOf(LF); at >= 0; at = octets.indexOf(LF, at + 1)) count++;
  return count;
}

const greeting = createServer({ allowHalfOpen: true, noDelay: true }, socket => {
  let first = Buffer.alloc(0);
  let session = false;
  socket.on('data', octets => {
    if (session) {
      socket.write('World\n'.repeat(lines(octets)));
      return;
    }
    first = Buffer.concat([first, octets]);
    if (first[0] === 'G'.charCodeAt(0)) {
      session = first.includes(LF);
      if (session) socket.write(PREFACE + 'World\n'.repeat(lines(first) - 1));
    } else if (first.length >= 'Hello'.length) {
      socket.end('World');
    }
  });
  socket.on('end', () => socket.end());
  socket.on('error', () => socket.destroy());
});
greeting.listen({ port: greetingPort, host: '127.0.0.1', backlog: 4096 });

const http = createHttpServer((request, response) => {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-length': body.length });
  response.end(body);
});
http.keepAliveTimeout = 0;
http.listen({ port: httpPort, host: '127.0.0.1' });

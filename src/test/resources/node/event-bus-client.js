// Uses the bridge as a page would, through a client of Vert.x: node event-bus-client.js PACKAGE sockjs|raw URL
// Prints one JSON object for each answer, waits for a restart of the service, asks again and ends.
'use strict';
const [name, transport, url] = process.argv.slice(2);
if (transport === 'raw') {
  const WebSocket = require('ws');
  // a WebSocket has the methods and the handlers of SockJS that the client uses
  const rawSocket = function (address) {
    const socket = new WebSocket(address.replace('http', 'ws') + '/websocket');
    socket.on('error', () => {}); // a close follows
    return socket;
  };
  const file = require.resolve('sockjs-client');
  require.cache[file] = { id: file, filename: file, loaded: true, exports: rawSocket };
}
const EventBus = require(name);
const say = (step, told) => console.log(JSON.stringify({ step, ...told }));
const connect = () => new EventBus(url, {
  vertxbus_ping_interval: 500, vertxbus_reconnect_delay_min: 50, vertxbus_reconnect_delay_max: 200 });

const ask = (bus, address, body, ...headers) => new Promise(done =>
  bus.send(address, body, ...headers, (failure, message) =>
    done(failure ? { failure } : { type: message.type, body: message.body })));
const updates = (bus, count) => new Promise(done => {
  let left = count;
  const take = (failure, message) => {
    if (--left === 0) {
      bus.unregisterHandler('greeter.stats.updates', take);
      done({ failure, address: message.address, body: message.body });
    }
  };
  bus.registerHandler('greeter.stats.updates', take);
});

const headers = {
  empty: {},
  some: { 'x-from': 'a page', 'x-count': 3, 'x-on': true },
  'a number': 5,
  'an array': ['x-from'],
  'a text': 'x-from',
  nested: { 'x-from': { of: 'a page' } },
  'an array inside': { 'x-from': ['a', 'b'] },
  'null inside': { 'x-from': null },
};

async function use(bus, other) {
  say('stats', await ask(bus, 'greeter.stats', { scope: 'node' }));
  say('recent', await ask(bus, 'greeter.exchanges.recent', { limit: 1 }, { 'x-from': 'a page' }));
  for (const kind of Object.keys(headers)) {
    say('headers: ' + kind, await ask(bus, 'greeter.stats', { scope: 'node' }, headers[kind]));
  }
  say('wrong body', await ask(bus, 'greeter.stats', { scope: 'all' }));
  say('no body', await ask(bus, 'greeter.stats'));
  say('no such address', await ask(bus, 'greeter.made.up', {}));
  say('updates', await updates(bus, 2));
  // the other goes on getting updates, this one gets no more
  let late = 0;
  await ask(bus, 'greeter.stats', {});
  bus.onunhandled = () => late++;
  bus.onerror = () => late++;
  const warn = console.warn;
  console.warn = () => late++; // what older clients do with a message that nobody waits for
  await updates(other, 2);
  console.warn = warn;
  say('unregistered', { late });
}

const bus = connect();
const other = connect();
let open = 0;
bus.onopen = other.onopen = () => {
  if (++open === 2) {
    bus.defaultHeaders = { 'x-client': name };
    use(bus, other).then(() => {
      other.close();
      bus.enableReconnect(true);
      say('waits for a restart');
    });
  }
};
bus.onreconnect = async () => {
  say('stats after the restart', await ask(bus, 'greeter.stats', { scope: 'node' }));
  say('updates after the restart', await updates(bus, 1));
  bus.close();
};

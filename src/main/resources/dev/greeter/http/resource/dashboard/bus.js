/**
 * The event bus over a raw WebSocket of the service's bridge. Connects by itself, and again whenever it was cut off, each
 * time after a longer wait.
 *
 * Dispatches "open", "close" (detail: milliseconds to the next try) and "message" (detail: the body of what was published).
 */
export class EventBus extends EventTarget {
  /** The bridge hangs up on who is silent for ten seconds. */
  static #PING_MILLIS = 5_000;
  /** Updates come every second: a connection without any is none, whatever the browser thinks of it. */
  static #SILENCE_MILLIS = 10_000;
  static #FIRST_WAIT_MILLIS = 500;
  static #LONGEST_WAIT_MILLIS = 5_000;
  static #REQUEST_MILLIS = 5_000;

  #url;
  #address;
  #socket;
  #requests = new Map();
  #nextRequest = 0;
  #heardAt = 0;
  #wait = EventBus.#FIRST_WAIT_MILLIS;
  #retry;

  /** @param address where to listen */
  constructor(url, address) {
    super();
    this.#url = url;
    this.#address = address;
    setInterval(() => this.#keepUp(), EventBus.#PING_MILLIS);
    // a machine that wakes up need not wait for its turn
    addEventListener('online', () => this.#retryNow());
    document.addEventListener('visibilitychange', () => document.hidden || this.#retryNow());
  }

  connect() {
    const socket = new WebSocket(this.#url);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.#opened();
    socket.onmessage = event => this.#heard(event.data);
    socket.onclose = () => this.#closed(socket);
    this.#socket = socket;
    this.#heardAt = Date.now();
  }

  /** The reply's body; fails if there is none in time. */
  request(address, body) {
    return new Promise((resolve, reject) => {
      if (this.#socket?.readyState !== WebSocket.OPEN) {
        reject(new Error('not connected'));
        return;
      }
      const replyAddress = String(this.#nextRequest++);
      const timeout = setTimeout(() => this.#answered(replyAddress)?.reject(new Error('no answer')),
          EventBus.#REQUEST_MILLIS);
      this.#requests.set(replyAddress, { resolve, reject, timeout });
      this.#send({ type: 'send', address, replyAddress, body });
    });
  }

  #opened() {
    this.#wait = EventBus.#FIRST_WAIT_MILLIS;
    this.#send({ type: 'register', address: this.#address });
    this.dispatchEvent(new Event('open'));
  }

  #heard(data) {
    this.#heardAt = Date.now();
    const message = JSON.parse(typeof data === 'string' ? data : new TextDecoder().decode(data));
    const request = this.#answered(message.address);
    if (request) {
      message.type === 'rec' ? request.resolve(message.body) : request.reject(new Error(message.message));
    } else if (message.type === 'rec' && message.address === this.#address) {
      this.dispatchEvent(new CustomEvent('message', { detail: message.body }));
    }
  }

  #answered(replyAddress) {
    const request = this.#requests.get(replyAddress);
    if (request) {
      clearTimeout(request.timeout);
      this.#requests.delete(replyAddress);
    }
    return request;
  }

  #closed(socket) {
    if (socket !== this.#socket) {
      return;
    }
    this.#socket = undefined;
    [...this.#requests.keys()].forEach(replyAddress => this.#answered(replyAddress).reject(new Error('closed')));
    // clients of a service that restarts should not all come back in the same moment
    const wait = this.#wait * (0.75 + Math.random() / 2);
    this.#wait = Math.min(this.#wait * 2, EventBus.#LONGEST_WAIT_MILLIS);
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.connect(), wait);
    this.dispatchEvent(new CustomEvent('close', { detail: wait }));
  }

  #retryNow() {
    if (!this.#socket) {
      clearTimeout(this.#retry);
      this.connect();
    }
  }

  #keepUp() {
    const socket = this.#socket;
    if (socket && Date.now() - this.#heardAt > EventBus.#SILENCE_MILLIS) {
      // its close event may take minutes
      socket.close();
      this.#closed(socket);
    } else if (socket?.readyState === WebSocket.OPEN) {
      this.#send({ type: 'ping' });
    }
  }

  #send(message) {
    this.#socket.send(JSON.stringify(message));
  }
}

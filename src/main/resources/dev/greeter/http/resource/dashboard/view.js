import { count, micros, rate, time, uptime } from './format.js';

const PROTOCOLS = { greeting: 'Greeting', http: 'HTTP' };
const OUTCOMES = ['answered', 'refused', 'failed'];
const PERCENTILES = ['p50', 'p90', 'p99', 'max'];

/** Service times are drawn from one microsecond to ten seconds, each decade as wide as the next. */
const DECADES = 7;

const byId = id => document.getElementById(id);

/** Untouched where nothing changed, so that a selection stays and nothing is laid out anew. */
function say(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

function element(parent, name, className = '') {
  const child = parent.appendChild(document.createElement(name));
  child.className = className;
  return child;
}

const total = tally => OUTCOMES.reduce((sum, outcome) => sum + tally[outcome], 0);

/** What one protocol does, in large print. */
export function showProtocols(stats) {
  for (const protocol of Object.keys(PROTOCOLS)) {
    const panel = byId(protocol);
    const tally = stats.totals[protocol];
    const all = total(tally);
    const field = (name, text) => say(panel.querySelector(`[data-field=${name}]`), text);
    field('rate', rate(stats.rates[protocol]['1s']));
    field('minute', `${rate(stats.rates[protocol]['1m'])}/s`);
    field('total', count(all));
    for (const outcome of OUTCOMES) {
      field(outcome, count(tally[outcome]));
      panel.querySelector(`.share .${outcome}`).style.flexGrow = all === 0 ? 0 : tally[outcome] / all;
      panel.querySelector(`.outcomes .${outcome}`).classList.toggle('some', tally[outcome] > 0);
    }
  }
}

/** Percentiles in numbers, and on a logarithmic line. */
export class LatencyView {
  #rows = {};

  constructor(body) {
    for (const [protocol, label] of Object.entries(PROTOCOLS)) {
      const numbers = element(body, 'tr', protocol);
      const head = element(numbers, 'th');
      head.scope = 'row';
      element(head, 'span', 'swatch');
      head.append(label);
      const cells = Object.fromEntries(PERCENTILES.map(name => [name, element(numbers, 'td')]));
      const drawing = element(body, 'tr', `drawing ${protocol}`);
      drawing.setAttribute('aria-hidden', 'true');
      const cell = element(drawing, 'td');
      cell.colSpan = PERCENTILES.length + 1;
      const track = element(cell, 'div', 'track');
      const marks = Object.fromEntries(['span', 'core', ...PERCENTILES].map(name => [name, element(track, 'i', name)]));
      this.#rows[protocol] = { cells, marks };
    }
    const scale = element(element(element(body, 'tr', 'drawing'), 'td'), 'div', 'scale');
    scale.parentElement.colSpan = PERCENTILES.length + 1;
    scale.closest('tr').setAttribute('aria-hidden', 'true');
    for (const decade of [1, 3, 5, 7]) {
      const label = element(scale, 'span');
      label.textContent = micros(10 ** decade).replace('.00', '').replace('.0', '');
      label.style.left = `${decade / DECADES * 100}%`;
    }
  }

  show(latency) {
    for (const [protocol, { cells, marks }] of Object.entries(this.#rows)) {
      const percentiles = latency[protocol];
      const known = percentiles.max > 0;
      for (const name of PERCENTILES) {
        say(cells[name], known ? micros(percentiles[name]) : '–');
        marks[name].style.left = `${this.#position(percentiles[name])}%`;
      }
      this.#stretch(marks.span, percentiles.p50, percentiles.max);
      this.#stretch(marks.core, percentiles.p50, percentiles.p99);
      cells.p50.parentElement.nextElementSibling.classList.toggle('unknown', !known);
    }
  }

  #stretch(mark, from, to) {
    mark.style.left = `${this.#position(from)}%`;
    mark.style.width = `${this.#position(to) - this.#position(from)}%`;
  }

  #position(value) {
    return Math.min(100, Math.log10(Math.max(1, value)) / DECADES * 100);
  }
}

/** @param at when they were told, by the service's clock */
export function showNodes(body, nodes, at) {
  while (body.rows.length > nodes.length) {
    body.rows[nodes.length].remove();
  }
  nodes.forEach((node, i) => {
    const row = body.rows[i] ?? nodeRow(body);
    const state = node.live ? (node.draining ? 'draining' : 'live') : 'gone';
    const [name, stateCell, connections, exchanges, up, version] = row.cells;
    say(name, node.node);
    name.title = `on ${node.host}`;
    row.className = state;
    say(stateCell.lastChild, state);
    say(connections, count(node.connections));
    say(exchanges, count(Object.values(node.totals).reduce((sum, tally) => sum + total(tally), 0)));
    say(up, node.live ? uptime(at - new Date(node.startedAt)) : '–');
    say(version, node.version);
  });
}

function nodeRow(body) {
  const row = element(body, 'tr');
  element(row, 'th').scope = 'row';
  const state = element(row, 'td', 'state');
  element(state, 'span', 'dot');
  element(state, 'span');
  for (const className of ['amount', 'amount aside', 'amount', 'aside']) {
    element(row, 'td', className);
  }
  return row;
}

/** The newest exchanges, in rows that stay where they are. */
export class RecentView {
  #rows;
  #newest = '';

  constructor(body, size) {
    this.#rows = Array.from({ length: size }, () => {
      const row = element(body, 'tr');
      for (const className of ['', '', 'aside', 'outcome', 'amount', 'peer', 'aside', 'aside']) {
        element(row, 'td', className);
      }
      say(row.cells[0], '\u00a0');
      return row;
    });
  }

  show(exchanges) {
    const shown = exchanges.slice(0, this.#rows.length);
    const known = shown.findIndex(exchange => key(exchange) === this.#newest);
    const fresh = known < 0 ? shown.length : known;
    this.#newest = shown.length > 0 ? key(shown[0]) : '';
    this.#rows.forEach((row, i) => {
      const exchange = shown[i];
      row.className = exchange ? `${exchange.protocol} ${exchange.outcome}` : '';
      row.classList.toggle('fresh', i < fresh);
      const texts = exchange ? cells(exchange) : ['\u00a0'];
      [...row.cells].forEach((cell, column) => {
        say(cell, texts[column] ?? '');
        // what there is no room for
        cell.title = texts[column] ?? '';
      });
    });
  }
}

const key = exchange => `${exchange.at} ${exchange.peer ?? ''} ${exchange.token ?? ''} ${exchange.node}`;

const cells = exchange => [
  time(new Date(exchange.at)),
  PROTOCOLS[exchange.protocol],
  exchange.form,
  exchange.reason ? `${exchange.outcome} (${exchange.reason})` : exchange.outcome,
  micros(exchange.durationMicros),
  exchange.peer,
  exchange.token,
  exchange.node,
];

import { EventBus } from './bus.js';
import { RateChart } from './chart.js';
import { ago, rate, time } from './format.js';
import { LatencyView, RecentView, showNodes, showProtocols } from './view.js';

const UPDATES = 'greeter.stats.updates';
const STATS = 'greeter.stats';
const RECENT = 'greeter.exchanges.recent';

const TICK_MILLIS = 1_000;
const NEWS_MILLIS = 2_000;
const STALE_MILLIS = 3_000;
const RECENT_ROWS = 10;

const byId = id => document.getElementById(id);
const bodyOf = id => document.querySelector(`#${id} tbody`);

const bus = new EventBus(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/eventbus/websocket`, UPDATES);
const chart = new RateChart(byId('plot'), byId('chart-summary'));
const latency = new LatencyView(bodyOf('latency'));
const recent = new RecentView(bodyOf('recent'), RECENT_ROWS);

/** The last stats, and when they came by our own clock. */
let stats;
/** Whose updates we take, for as long as it tells: those of two nodes need not agree to the last exchange. */
let teller;
let heardAt = 0;
let paused = false;
/** Of each node that answered; which one does is not ours to choose. */
const exchangesByNode = new Map();
/** Once cut off: when the next try is. */
let retryAt;

bus.addEventListener('open', () => {
  retryAt = undefined;
  teller = undefined;
  bus.request(STATS, { scope: 'cluster' }).then(hear, notNow);
});
bus.addEventListener('close', event => {
  retryAt = Date.now() + event.detail;
  showState();
});
bus.addEventListener('message', event => {
  if (!teller || event.detail.node === teller || Date.now() - heardAt > NEWS_MILLIS) {
    teller = event.detail.node;
    hear(event.detail);
  }
});

function hear(told) {
  stats = told;
  heardAt = Date.now();
  showProtocols(stats);
  latency.show(stats.latency);
  showNodes(bodyOf('nodes'), stats.nodes, new Date(stats.at));
  byId('told').textContent = `${stats.scope}, answered by ${stats.node}`;
  byId('partial').hidden = !stats.partial;
  showState();
  if (!paused) {
    bus.request(RECENT, { limit: RECENT_ROWS }).then(hearExchanges, notNow);
  }
}

function hearExchanges(exchanges) {
  if (paused || exchanges.length === 0) {
    return;
  }
  exchangesByNode.set(exchanges[0].node, exchanges);
  const live = new Set(stats.nodes.filter(node => node.live).map(node => node.node));
  for (const node of exchangesByNode.keys()) {
    if (!live.has(node)) {
      exchangesByNode.delete(node);
    }
  }
  recent.show([...exchangesByNode.values()].flat().sort((a, b) => b.at.localeCompare(a.at)));
}

/** It is asked again with the next update, or after the next connect. */
function notNow() {}

const isStale = () => Date.now() - heardAt > STALE_MILLIS;

function state() {
  if (!stats) {
    return 'connecting';
  }
  return isStale() || retryAt ? 'stale' : 'live';
}

function showState() {
  const now = state();
  if (document.body.dataset.state !== now) {
    document.body.dataset.state = now;
    byId('announcer').textContent = {
      connecting: 'Connecting.',
      live: 'The numbers are live.',
      stale: 'The numbers are stale: the service does not tell any more.',
    }[now];
  }
  byId('status-text').textContent = statusText(now);
  byId('retry').textContent = retryAt ? `, next try in ${ago(Math.max(0, retryAt - Date.now()))}` : '';
  document.title = now === 'live'
      ? `${rate(stats.rates.greeting['1s'] + stats.rates.http['1s'])}/s · Greeter`
      : `(${now}) Greeter`;
}

function statusText(now) {
  switch (now) {
    case 'live':
      return 'Live';
    case 'stale':
      return `Stale for ${ago(Date.now() - heardAt)}`;
    default:
      return retryAt ? 'Not reached' : 'Connecting';
  }
}

byId('pause').addEventListener('click', event => {
  paused = !paused;
  event.target.setAttribute('aria-pressed', paused);
  event.target.textContent = paused ? 'Resume' : 'Pause';
  byId('recent-when').textContent = paused ? `paused at ${time(new Date())}` : 'once a second';
});

// the chart moves with the time, whether there is news or not
setInterval(() => {
  chart.add(Date.now(), Date.now() - heardAt < NEWS_MILLIS ? stats.rates : undefined);
  showState();
}, TICK_MILLIS);
bus.connect();

import { count, rate, time } from './format.js';

const WINDOW_SECONDS = 300;
const HIGHEST_OF_IDLE = 5;
const PROTOCOLS = ['greeting', 'http'];
const LABELS = { greeting: 'Greeting', http: 'HTTP' };

/** Exchanges a second of the last minutes, and in words what it shows. A second without news is a gap. */
export class RateChart {
  #plot;
  #place;
  #summary;
  /** Columns as uPlot has them: seconds since 1970, then the rates of each protocol. */
  #columns = [[], ...PROTOCOLS.map(() => [])];

  constructor(place, summary) {
    this.#place = place;
    this.#summary = PROTOCOLS.map(protocol => {
      const line = summary.appendChild(document.createElement('span'));
      line.className = `legend ${protocol}`;
      const swatch = line.appendChild(document.createElement('span'));
      swatch.className = 'swatch';
      return line.appendChild(document.createElement('span'));
    });
    this.#build();
    new ResizeObserver(() => this.#plot.setSize(this.#size())).observe(place);
    // a canvas does not follow the style sheet by itself
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#build());
  }

  /** @param rates of each protocol, or nothing where there is no news */
  add(at, rates) {
    const seconds = at / 1_000;
    this.#columns[0].push(seconds);
    PROTOCOLS.forEach((protocol, i) => this.#columns[i + 1].push(rates ? rates[protocol]['1s'] : null));
    while (this.#columns[0][0] < seconds - WINDOW_SECONDS - 1) {
      this.#columns.forEach(column => column.shift());
    }
    this.#plot.setData(this.#columns, false);
    this.#plot.setScale('x', { min: seconds - WINDOW_SECONDS, max: seconds });
    PROTOCOLS.forEach((protocol, i) => this.#describe(this.#summary[i], LABELS[protocol], this.#columns[i + 1]));
  }

  #describe(element, label, values) {
    const known = values.filter(value => value !== null);
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
    element.textContent = known.length === 0
        ? `${label}: no news yet`
        : `${label}: on average ${rate(mean)}/s, at most ${rate(Math.max(...known))}/s`;
  }

  #build() {
    this.#plot?.destroy();
    const style = getComputedStyle(document.body);
    const colour = name => style.getPropertyValue(`--${name}`).trim();
    // uPlot wants it in pixels
    const font = `${Math.round(parseFloat(style.fontSize) * 0.86)}px ${style.fontFamily}`;
    const axis = {
      stroke: colour('quiet'),
      font,
      grid: { stroke: colour('line'), width: 1 },
      ticks: { show: false },
    };
    this.#plot = new uPlot({
      ...this.#size(),
      legend: { show: false },
      cursor: { show: false },
      padding: [8, 8, 0, 0],
      scales: {
        x: { time: true },
        y: { range: (plot, min, max) => [0, Math.max(HIGHEST_OF_IDLE, (max ?? 0) * 1.15)] },
      },
      axes: [
        { ...axis, space: 90, size: 32, values: (plot, splits) => splits.map(split => time(new Date(split * 1_000)).slice(0, 5)), incrs: [60, 120, 300] },
        { ...axis, space: 44, size: 62, values: (plot, splits) => splits.map(split => split % 1 === 0 ? count(split) : '') },
      ],
      series: [
        {},
        ...PROTOCOLS.map(protocol => ({
          stroke: colour(protocol),
          fill: protocol === 'greeting' ? colour('greeting-fill') : undefined,
          width: 2,
          points: { show: false },
          // told apart without colours too
          dash: protocol === 'http' ? [6, 4] : undefined,
        })),
      ],
    }, this.#columns, this.#place);
  }

  #size() {
    return { width: this.#place.clientWidth, height: this.#place.clientHeight };
  }
}

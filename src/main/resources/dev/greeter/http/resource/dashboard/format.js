/** Numbers and times as people read them. */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const oneDecimal = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const count = value => whole.format(value);

/** A decimal where it tells something. */
export const rate = value => (value < 10 && value % 1 !== 0 ? oneDecimal : whole).format(value);

export const time = date => clock.format(date);

export function micros(value) {
  if (value < 1_000) {
    return `${value} µs`;
  }
  if (value < 1_000_000) {
    return `${threeDigits(value / 1_000)} ms`;
  }
  return `${threeDigits(value / 1_000_000)} s`;
}

/** The two largest units. */
export function uptime(millis) {
  const seconds = Math.max(0, Math.floor(millis / 1_000));
  if (seconds < MINUTE) {
    return `${seconds}s`;
  }
  if (seconds < HOUR) {
    return `${Math.floor(seconds / MINUTE)}m ${seconds % MINUTE}s`;
  }
  if (seconds < DAY) {
    return `${Math.floor(seconds / HOUR)}h ${Math.floor(seconds % HOUR / MINUTE)}m`;
  }
  return `${Math.floor(seconds / DAY)}d ${Math.floor(seconds % DAY / HOUR)}h`;
}

export function ago(millis) {
  const seconds = Math.round(millis / 1_000);
  return seconds < 100 ? `${seconds} s` : `${Math.floor(seconds / MINUTE)} min`;
}

const threeDigits = value => value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0);

// Figures and times as people read them.
const UNKNOWN = '–';
const counts = new Intl.NumberFormat('en');
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

const known = value => typeof value === 'number' && Number.isFinite(value);

export const count = value => known(value) ? counts.format(value) : UNKNOWN;

/** "1 image", "2 images". */
export const counted = (value, noun, plural = `${noun}s`) => `${count(value)} ${value === 1 ? noun : plural}`;

export const percent = (fraction, digits = 1) => known(fraction) ? `${(100 * fraction).toFixed(digits)}%` : UNKNOWN;

/** The change from one accuracy to another, in points. */
export function points(from, to) {
  if (!known(from) || !known(to)) {
    return UNKNOWN;
  }
  const change = Math.round(10000 * (to - from)) / 100;
  return `${change > 0 ? '+' : change < 0 ? '−' : '±'}${Math.abs(change).toFixed(2)}`;
}

export const decimals = (value, digits = 3) => known(value) ? value.toFixed(digits).replace('-', '−') : UNKNOWN;

/** A rate per second: "41.5", "0.3", "0". */
export const rate = value => !known(value) ? UNKNOWN : value === 0 ? '0' : value >= 100 ? count(Math.round(value)) : value < 0.05 ? '<0.1' : value.toFixed(1);

/** A time of today by the clock, another with its day. */
export function time(at) {
  if (!known(at)) {
    return UNKNOWN;
  }
  const date = new Date(at);
  return date.toDateString() === new Date().toDateString() ? clock.format(date) : day.format(date);
}

/** What a prompt's version is called. */
export const promptName = version => version === 0 ? 'the hand-written prompt' : `version ${version}`;

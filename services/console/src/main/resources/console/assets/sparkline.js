// A small line without axes: how a figure went. The figure itself stands beside it, so to a screen reader it is decoration.
import { svg } from './dom.js';

const WIDTH = 100;
const HEIGHT = 24;

export function sparkline() {
  return svg('svg', { class: 'spark', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true', focusable: 'false' }, svg('path', { 'vector-effect': 'non-scaling-stroke' }));
}

/** From zero up to the largest of the values; a gap where one is not known. */
export function drawSparkline(element, values) {
  const unknown = value => value === null || value === undefined;
  const top = Math.max(...values.filter(value => !unknown(value)), 1e-9);
  const x = i => (WIDTH * i) / Math.max(1, values.length - 1);
  const y = value => HEIGHT - 1.5 - ((HEIGHT - 3) * value) / top;
  let pen = 'M';
  const line = values.map((value, i) => {
    const part = unknown(value) ? '' : `${pen}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = unknown(value) ? 'M' : 'L';
    return part;
  });
  element.firstChild.setAttribute('d', line.join(''));
}

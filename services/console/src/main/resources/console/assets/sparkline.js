// A small line without axes: how a figure went. The figure itself stands beside it, so to a screen reader it is decoration.
import { svg } from './dom.js';

const WIDTH = 100;
const HEIGHT = 24;

export function sparkline(values) {
  const known = values.filter(value => value !== null && value !== undefined);
  const element = svg('svg', { class: 'spark', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true', focusable: 'false' });
  if (known.length < 2) {
    return element;
  }
  const top = Math.max(...known, 1e-9);
  const x = i => (WIDTH * i) / (values.length - 1);
  const y = value => HEIGHT - 1.5 - ((HEIGHT - 3) * value) / top;
  let line = '';
  let pen = 'M';
  values.forEach((value, i) => {
    if (value === null || value === undefined) {
      pen = 'M';
    } else {
      line += `${pen}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
      pen = 'L';
    }
  });
  element.append(svg('path', { d: line, 'vector-effect': 'non-scaling-stroke' }));
  return element;
}

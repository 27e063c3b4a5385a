// The picture of a series in a legend: its line with dash, and its marker.
import { svg } from './dom.js';

const MARKERS = {
  circle: () => svg('circle', { cx: 13, cy: 7, r: 3.5 }),
  square: () => svg('rect', { x: 9.7, y: 3.7, width: 6.6, height: 6.6 }),
  triangle: () => svg('path', { d: 'M13 2.8 17 10.2H9Z' }),
  diamond: () => svg('path', { d: 'M13 2.4 17.6 7 13 11.6 8.4 7Z' }),
};

export function swatch({ colour, dash, marker, width }) {
  return svg('svg', { class: `swatch ink-${colour}`, width: 26, height: 14, viewBox: '0 0 26 14', 'aria-hidden': 'true', focusable: 'false' },
    width ? svg('path', { d: 'M0 7H26', 'stroke-width': width, 'stroke-dasharray': dash?.length ? dash.join(' ') : null }) : null,
    marker ? MARKERS[marker]() : null);
}

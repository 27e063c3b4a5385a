// A line chart on uPlot, with what uPlot leaves to its user: colours of the theme, marks of events, markers by shape, and reading by keyboard.
import { el } from './dom.js';
import { colour, onThemeChange } from './theme.js';
import uPlot from './vendor/uPlot.esm.js';

const MARKER_SIZE = 4;
const AXIS_FONT = '12px system-ui, sans-serif';

export class LineChart {
  #plot = null;
  #marks = [];
  #data = null;

  /**
   * @param element takes the chart; its height comes from the style sheet
   * @param options
   *   label   what it shows, for a screen reader
   *   time    whether x is a time in ms, else a plain number
   *   format  a value on the y axis as text
   *   series  [{label, colour (of theme.css), width, dash, alpha, marker: 'circle' | 'square' | 'triangle' | 'diamond' | undefined}]
   *   read    (index) => text of the point that is pointed at; told as well when nothing is, with null
   *   fixed   [min, max] of the y axis, or undefined to fit the data
   */
  constructor(element, options) {
    this.options = options;
    this.element = element;
    this.frame = el('div', { class: 'plot', role: 'slider', tabindex: 0, 'aria-label': `${options.label}. Arrow keys read it point by point.`, 'aria-valuemin': 0, keydown: event => this.#key(event) });
    element.replaceChildren(this.frame);
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(element);
    onThemeChange(() => this.#plot?.redraw(false, true));
  }

  /** Shows [x values, then the values of each series]; marks are [{x, text, kind: 'rollout' | 'rollback' | 'repair' | 'fail'}]. */
  show(data, marks = []) {
    this.#data = data;
    this.#marks = marks;
    if (this.#plot === null) {
      this.#plot = new uPlot(this.#uplot(), data, this.frame);
    } else {
      this.#plot.setData(data);
    }
    this.frame.setAttribute('aria-valuemax', Math.max(0, data[0].length - 1));
    this.#point(this.#plot.cursor.idx ?? null);
  }

  setVisible(series, visible) {
    this.#plot?.setSeries(series + 1, { show: visible });
  }

  #size() {
    return { width: Math.max(200, this.element.clientWidth), height: Math.max(120, this.element.clientHeight) };
  }

  #uplot() {
    const axis = { stroke: () => colour('quiet'), font: AXIS_FONT, grid: { stroke: () => colour('line'), width: 1 }, ticks: { show: false } };
    return {
      ...this.#size(), ms: 1, legend: { show: false }, padding: [22, 12, 0, 0],
      cursor: { drag: { x: false, y: false }, y: false, points: { size: 6 } },
      scales: { x: { time: this.options.time, range: (u, min, max) => widened(min, max, this.options.time ? 30000 : 1) }, y: { range: (u, min, max) => this.options.fixed ?? padded(min, max) } },
      axes: [{ ...axis, space: 70, size: 30, values: this.options.time ? (u, splits) => clocks(splits) : undefined }, { ...axis, size: 52, space: 30, values: (u, splits) => splits.map(this.options.format) }],
      series: [{}, ...this.options.series.map(one => this.#series(one))],
      hooks: { drawSeries: [(u, i) => this.#drawMarkers(u, i)], draw: [u => this.#drawMarks(u)], setCursor: [u => this.#point(u.cursor.idx ?? null)] },
    };
  }

  #series(one) {
    const base = { label: one.label, stroke: () => colour(one.colour), width: one.width, dash: one.dash, alpha: one.alpha ?? 1, spanGaps: true, show: one.visible ?? true, points: { show: false } };
    return one.marker ? { ...base, paths: () => null } : { ...base, points: { show: (u, i) => u.data[i].filter(value => value !== null).length === 1, size: 7 } };
  }

  #drawMarkers(u, index) {
    const series = index > 0 ? this.options.series[index - 1] : null;
    if (!series?.marker || !u.series[index].show) {
      return;
    }
    const size = MARKER_SIZE * devicePixelRatio;
    u.ctx.save();
    u.ctx.setLineDash([]);
    u.ctx.lineWidth = 1.5 * devicePixelRatio;
    u.ctx.strokeStyle = colour(series.colour);
    u.ctx.fillStyle = colour('card');
    u.data[index].forEach((value, i) => {
      if (value !== null && value !== undefined) {
        outline(u.ctx, series.marker, u.valToPos(u.data[0][i], 'x', true), u.valToPos(value, 'y', true), size);
        u.ctx.fill();
        u.ctx.stroke();
      }
    });
    u.ctx.restore();
  }

  /** A line from top to bottom for each event, told apart by colour, dash and the sign above it. */
  #drawMarks(u) {
    const { ctx, bbox } = u;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.font = `${11 * ratio}px system-ui, sans-serif`;
    let lastText = -Infinity;
    for (const mark of this.#marks) {
      const x = Math.round(u.valToPos(mark.x, 'x', true));
      if (x < bbox.left || x > bbox.left + bbox.width) {
        continue;
      }
      const rollout = mark.kind === 'rollout';
      ctx.strokeStyle = ctx.fillStyle = colour({ rollout: 'good', rollback: 'bad', fail: 'bad' }[mark.kind] ?? 'open');
      ctx.lineWidth = ratio;
      ctx.setLineDash(rollout ? [] : [4 * ratio, 3 * ratio]);
      ctx.beginPath();
      ctx.moveTo(x + 0.5, bbox.top - 4 * ratio);
      ctx.lineTo(x + 0.5, bbox.top + bbox.height);
      ctx.stroke();
      if (!rollout) { // beside its line, below the rollouts' row: the two often come close together
        ctx.textAlign = x < bbox.left + bbox.width / 2 ? 'left' : 'right';
        ctx.fillText(` ${mark.text} `, x, bbox.top + 10 * ratio);
      } else if (x - lastText > 30 * ratio) {
        ctx.textAlign = 'center';
        ctx.fillText(mark.text, x, bbox.top - 8 * ratio);
        lastText = x;
      }
    }
    ctx.restore();
  }

  #point(index) {
    const last = (this.#data?.[0].length ?? 0) - 1;
    const text = this.options.read(index);
    this.frame.setAttribute('aria-valuenow', Math.max(0, index ?? last));
    this.frame.setAttribute('aria-valuetext', text || 'no data');
  }

  #key(event) {
    const last = this.#data[0].length - 1;
    const now = this.#plot.cursor.idx ?? last + 1;
    const next = { ArrowLeft: now - 1, ArrowDown: now - 1, ArrowRight: now + 1, ArrowUp: now + 1, Home: 0, End: last, PageUp: now + 10, PageDown: now - 10 }[event.key];
    if (event.key === 'Escape') {
      this.#plot.setCursor({ left: -10, top: -10 });
    } else if (next !== undefined && last >= 0) {
      event.preventDefault();
      this.#plot.setCursor({ left: this.#plot.valToPos(this.#data[0][Math.min(last, Math.max(0, next))], 'x'), top: 20 });
    }
  }
}

function outline(ctx, shape, x, y, r) {
  ctx.beginPath();
  if (shape === 'circle') {
    ctx.arc(x, y, r, 0, 2 * Math.PI);
  } else if (shape === 'square') {
    ctx.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
  } else {
    const corners = shape === 'triangle' ? [[0, -1.15], [1.1, 0.85], [-1.1, 0.85]] : [[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]];
    corners.forEach(([dx, dy], i) => ctx[i ? 'lineTo' : 'moveTo'](x + dx * r, y + dy * r));
    ctx.closePath();
  }
}

/** Some room on both sides; more where there is a single value. */
function widened(min, max, least) {
  const more = Math.max((max - min) * 0.02, max === min ? least : 0);
  return [min - more, max + more];
}

function padded(min, max) {
  if (min === null || max === null) {
    return [0, 1];
  }
  const more = Math.max((max - min) * 0.12, 0.005);
  return [min - more, max + more];
}

/** Times on the axis: with seconds only where the labels would be equal without. */
function clocks(splits) {
  const seconds = splits.length > 1 && splits[1] - splits[0] < 60000;
  const format = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: seconds ? '2-digit' : undefined });
  return splits.map(split => format.format(new Date(split)));
}

// A square heatmap on a canvas, read cell by cell with the pointer or the arrow keys.
import { el } from './dom.js';
import { colour, onThemeChange } from './theme.js';

export class Heatmap {
  #names = [];
  #cells = new Map();
  #cell = null;
  #split = 0;

  /** onRead(row, column), or onRead(null), tells what is pointed at. */
  constructor(place, { label, describedBy, onRead }) {
    this.place = place;
    this.onRead = onRead;
    this.canvas = el('canvas', { class: 'heatmap', role: 'application', tabindex: 0, 'aria-roledescription': 'heatmap', 'aria-label': `${label}. Arrow keys go from cell to cell.`, 'aria-describedby': describedBy,
      keydown: event => this.#key(event), pointermove: event => this.#pointer(event), pointerdown: event => this.#pointer(event), pointerleave: () => this.#select(null), blur: () => this.#select(null) });
    place.append(this.canvas);
    new ResizeObserver(() => this.#draw()).observe(place);
    onThemeChange(() => this.#draw());
  }

  /** names of rows and columns alike; cells as [row, column, share from 0 to 1]; split: after how many names a line is drawn. */
  show(names, cells, split) {
    this.#names = names;
    this.#cells = new Map(cells.map(([row, column, share]) => [row * names.length + column, share]));
    this.#split = split;
    this.#select(this.#cell && this.#cell.row < names.length && this.#cell.column < names.length ? this.#cell : null);
  }

  #draw() {
    const n = this.#names.length;
    const width = this.place.clientWidth;
    if (!n || !width) {
      return;
    }
    const side = Math.round(Math.min(width, 560) * devicePixelRatio);
    if (this.canvas.width !== side) {
      this.canvas.width = this.canvas.height = side;
    }
    const ctx = this.canvas.getContext('2d');
    const cell = side / n;
    const edge = i => Math.round(i * cell);
    const [right, wrong] = [colour('cell-right'), colour('cell-wrong')];
    ctx.globalAlpha = 1;
    ctx.fillStyle = colour('sunk');
    ctx.fillRect(0, 0, side, side);
    this.#cells.forEach((share, key) => {
      const row = Math.floor(key / n);
      const column = key % n;
      ctx.fillStyle = row === column ? right : wrong;
      ctx.globalAlpha = 0.2 + 0.8 * Math.sqrt(share);
      ctx.fillRect(edge(column), edge(row), Math.max(1, edge(column + 1) - edge(column)), Math.max(1, edge(row + 1) - edge(row)));
    });
    ctx.globalAlpha = 1;
    this.#drawLines(ctx, side, edge);
  }

  #drawLines(ctx, side, edge) {
    ctx.lineWidth = devicePixelRatio;
    if (this.#split > 0 && this.#split < this.#names.length) {
      ctx.strokeStyle = colour('strong-line');
      ctx.beginPath();
      ctx.moveTo(edge(this.#split), 0);
      ctx.lineTo(edge(this.#split), side);
      ctx.moveTo(0, edge(this.#split));
      ctx.lineTo(side, edge(this.#split));
      ctx.stroke();
    }
    if (this.#cell) {
      const { row, column } = this.#cell;
      ctx.fillStyle = colour('ink');
      ctx.globalAlpha = 0.12;
      ctx.fillRect(0, edge(row), side, edge(row + 1) - edge(row));
      ctx.fillRect(edge(column), 0, edge(column + 1) - edge(column), side);
      ctx.globalAlpha = 1;
      ctx.strokeStyle = colour('ink');
      ctx.lineWidth = 2 * devicePixelRatio;
      ctx.strokeRect(edge(column), edge(row), edge(column + 1) - edge(column), edge(row + 1) - edge(row));
    }
  }

  #select(cell) {
    this.#cell = cell;
    this.#draw();
    this.onRead(cell?.row ?? null, cell?.column ?? null);
  }

  #pointer(event) {
    const box = this.canvas.getBoundingClientRect();
    const at = position => Math.min(this.#names.length - 1, Math.max(0, Math.floor(position * this.#names.length)));
    this.#select({ row: at((event.clientY - box.top) / box.height), column: at((event.clientX - box.left) / box.width) });
  }

  #key(event) {
    const last = this.#names.length - 1;
    const { row, column } = this.#cell ?? { row: 0, column: 0 };
    const next = { ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1], Home: [row, 0], End: [row, last], PageUp: [0, column], PageDown: [last, column] }[event.key];
    if (next) {
      event.preventDefault();
      const within = i => Math.min(last, Math.max(0, i));
      this.#select(this.#cell ? { row: within(next[0]), column: within(next[1]) } : { row: 0, column: 0 });
    }
  }
}

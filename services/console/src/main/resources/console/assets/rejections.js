// What the encoder refused, and why.
import { byId, el, empty, keyed, setText, show } from './dom.js';
import { count, counted, time } from './format.js';
import { thumbnail } from './image-dialog.js';

/** Of these no picture can be made, so none is asked for. */
const NO_PICTURE = new Set(['malformed-event', 'malformed-reference', 'empty-value', 'not-an-image', 'unsupported-format', 'truncated', 'too-many-pixels', 'too-many-bytes', 'out-of-memory',
  'undecodable', 'malformed-feature']);
const codes = el('ul', { class: 'codes', 'aria-label': 'Rejected by reason' });
const list = el('ol', { class: 'rejections' });

export function showRejections(rejections) {
  setText(byId('rejections-note'), rejections.total ? `${counted(rejections.total, 'image')} rejected, newest first; the stream goes on.` : '');
  if (!rejections.recent.length) {
    show(byId('rejections-body'), empty('Nothing rejected: what cannot be used as an image with a label would be listed here, with the reason.'));
    return;
  }
  if (!list.isConnected) {
    show(byId('rejections-body'), codes, el('div', { class: 'scroll tall-list', role: 'region', tabindex: 0, 'aria-label': 'List of rejected images' }, list));
  }
  const most = Object.entries(rejections.by_code).sort((a, b) => b[1] - a[1]);
  show(codes, most.map(([code, n]) => el('li', { class: 'badge' }, code, ' ', el('strong', {}, count(n)))));
  keyed(list, rejections.recent, one => `${one.image}/${one.source?.partition}/${one.source?.offset}/${one.at}`, entry);
}

function entry(one) {
  const where = one.source ? `partition ${one.source.partition}, offset ${one.source.offset}` : 'unknown place';
  return el('li', {},
    thumbnail({ source: NO_PICTURE.has(one.code) ? null : one.image, alt: `Rejected image ${one.id ?? ''}`, title: one.id ?? 'Rejected image', about: [['Code', one.code], ['Why', one.message], ['Label', one.label ?? 'none'], ['Came from', where]] }),
    el('div', { class: 'rejection-text' },
      el('p', {}, el('span', { class: 'badge', 'data-state': 'bad' }, one.code), ' ', el('span', { class: 'quiet' }, time(one.at))),
      el('p', {}, one.message),
      el('p', { class: 'quiet small' }, one.label ? `label “${one.label}”, ` : 'no label, ', where, one.id ? [', id ', el('span', { class: 'mono' }, one.id)] : null)));
}

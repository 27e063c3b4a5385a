// Thumbnails, and the dialog in which one opens larger.
import { byId, el, facts, setText, show } from './dom.js';

/** A button with the picture; about is [[term, text], ...] for the dialog. An image that is gone says so instead. */
export function thumbnail({ source, alt, title, about }) {
  if (!source) {
    return gone();
  }
  const picture = el('img', { src: source, alt, loading: 'lazy', decoding: 'async', width: 72, height: 72 });
  const button = el('button', { type: 'button', class: 'thumb', click: () => open({ source, alt, title, about }) }, picture);
  picture.addEventListener('error', () => button.replaceWith(gone()));
  return button;
}

function open({ source, alt, title, about }) {
  setText(byId('image-title'), title);
  show(byId('image-dialog-body'), el('img', { class: 'dialog-image', src: source, alt }), el('dl', { class: 'facts' }, facts(about)));
  byId('image-dialog').showModal();
}

function gone() {
  return el('span', { class: 'thumb gone' }, 'no image');
}

// Thumbnails, and the dialog in which one opens larger.
import { get, Problem } from './api.js';
import { byId, el, facts, setText, show } from './dom.js';

/** A button with the picture; about is [[term, text], ...] for the dialog. Where there is no picture, the dialog says why: gone, or kept elsewhere. */
export function thumbnail({ source, alt, title, about }) {
  if (!source) {
    return gone();
  }
  const picture = el('img', { src: source, alt, loading: 'lazy', decoding: 'async', width: 72, height: 72 });
  let picturesPlace = () => el('img', { class: 'dialog-image', src: source, alt });
  const button = el('button', { type: 'button', class: 'thumb', click: () => open({ title, about, picture: picturesPlace() }) }, picture);
  picture.addEventListener('error', async () => {
    const why = await reason(source);
    picturesPlace = () => el('p', {}, why);
    button.classList.add('gone');
    button.title = why;
    show(button, 'no image');
  });
  return button;
}

/** What the server says, since a picture that fails tells a script nothing of the answer. */
async function reason(source) {
  try {
    await get(source);
  } catch (problem) {
    if (problem instanceof Problem) {
      return problem.message;
    }
  }
  return 'The picture cannot be shown.';
}

function open({ title, about, picture }) {
  setText(byId('image-title'), title);
  show(byId('image-dialog-body'), picture, el('dl', { class: 'facts' }, facts(about)));
  byId('image-dialog').showModal();
}

function gone() {
  return el('span', { class: 'thumb gone' }, 'no image');
}

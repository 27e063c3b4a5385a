// Images that judge whose labels look wrong to the live prompt.
import { byId, el, empty, keyed, setText, show } from './dom.js';
import { count, counted, decimals, promptName, time } from './format.js';
import { thumbnail } from './image-dialog.js';

const list = el('ul', { class: 'thumbs' });

export function showSuspects({ suspects: { version, at, total, images } }) {
  const rest = total > images.length ? `, of which ${count(images.length)} are shown` : '';
  setText(byId('suspects-note'), total ? `${counted(total, 'image')} that judge${total === 1 ? 's' : ''}${rest}; the most suspect first, by ${promptName(version)}, ${time(at)}.` : '');
  if (!images.length) {
    show(byId('suspects-body'), empty(version === null ? 'Nothing was measured yet.' : 'No label of an image that judges looks wrong to the live prompt.'));
    return;
  }
  if (!list.isConnected) {
    show(byId('suspects-body'), list, el('p', { class: 'quiet small' }, 'The prompt may be wrong, so look first. To put a label right, send the image again under its id. Training images, too: ',
      el('code', {}, 'promptgate suspects')));
  }
  keyed(list, images, image => JSON.stringify(image), image => el('li', {}, figure(image)));
}

function figure(image) {
  return el('figure', {},
    thumbnail({ source: image.image, alt: `Labelled ${image.label}; looks like ${image.suggested}`, title: image.label,
      about: [['Image', image.id], ['Label', image.label], ['Looks like', image.suggested],
        ['Probabilities', `${decimals(image.self_confidence)} of the label, ${decimals(image.probability)} of what it looks like`]] }),
    el('figcaption', {}, el('strong', {}, image.label), el('span', { class: 'answers' }, 'looks like ', image.suggested)));
}

// What is odd about the labels and ids of the newest images: shown above the classes.
import { byId, el, show } from './dom.js';
import { counted, time } from './format.js';

export function showLabels({ same_prompt: groups, same_prompt_total: total, reused_ids: ids, reused_ids_total: times }) {
  show(byId('labels-notes'), groups.map(samePrompt), total > groups.length ? note(`${counted(total - groups.length, 'more group')} like that.`) : null,
    times ? note(`${counted(times, 'image')} took the place of another one with the same id; the last was ${ids[0].id}, ${time(ids[0].at)}. Do producers number their images alike?`) : null);
}

function samePrompt({ labels, merge }) {
  return note(`These would be the same prompt, so none can tell them apart: ${labels}. Merge them: `, el('code', {}, merge));
}

function note(...text) {
  return el('p', { class: 'outcome', 'data-state': 'open' }, ...text);
}

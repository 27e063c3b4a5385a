// Says news to a screen reader, one entry each, and keeps the last few.
const KEPT = 20;

export function announce(text) {
  const log = document.getElementById('announcer');
  const entry = document.createElement('p');
  entry.textContent = text;
  log.append(entry);
  while (log.children.length > KEPT) {
    log.firstChild.remove();
  }
}

// The server's events: sections of the state as they change. Reconnects by itself, and says when it has to.
const FIRST_DELAY = 1000;
const LONGEST_DELAY = 15000;
const SILENCE = 20000; // the flow comes every 2 s: a connection that is silent for this long is dead, whatever the browser believes

/** Calls onSection(name, data) for each section of these names that comes, and onConnection('connecting' | 'connected' | 'lost'). */
export function follow(sections, onSection, onConnection) {
  let source = null;
  let delay = FIRST_DELAY;
  let retry = 0;
  let watchdog = 0;

  const heard = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(lost, SILENCE);
  };
  const lost = () => {
    source?.close();
    clearTimeout(watchdog);
    clearTimeout(retry);
    onConnection('lost');
    retry = setTimeout(open, delay);
    delay = Math.min(2 * delay, LONGEST_DELAY);
  };
  const open = () => {
    clearTimeout(retry);
    source?.close();
    source = new EventSource('/api/events');
    source.onopen = () => {
      delay = FIRST_DELAY;
      onConnection('connected');
      heard();
    };
    source.onerror = lost; // closed and opened anew by our own clock: browsers give up after some answers
    sections.forEach(section => source.addEventListener(section, event => {
      heard();
      onSection(section, JSON.parse(event.data));
    }));
  };

  window.addEventListener('online', open);
  window.addEventListener('pagehide', () => source?.close());
  window.addEventListener('pageshow', event => event.persisted && open());
  onConnection('connecting');
  open();
}

// The theme: the system's, or light or dark as chosen here. Charts on a canvas are told when colours change.
const KEY = 'promptgate-theme';
const ORDER = ['system', 'light', 'dark'];
const listeners = new Set();
const probe = document.createElement('span');

export function startTheme(button) {
  probe.hidden = true;
  document.body.append(probe);
  button.addEventListener('click', () => choose(button, ORDER[(ORDER.indexOf(current()) + 1) % ORDER.length]));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
  label(button);
}

/** Calls back whenever colours have changed. */
export function onThemeChange(listener) {
  listeners.add(listener);
}

/** The colour that a custom property of theme.css stands for now, as a canvas takes it. */
export function colour(name) {
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}

function current() {
  return document.documentElement.dataset.theme ?? 'system';
}

function choose(button, theme) {
  if (theme === 'system') {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem(KEY);
  } else {
    document.documentElement.dataset.theme = theme;
    localStorage.setItem(KEY, theme);
  }
  label(button);
  changed();
}

function label(button) {
  button.textContent = `Theme: ${current()}`;
}

function changed() {
  listeners.forEach(listener => listener());
}

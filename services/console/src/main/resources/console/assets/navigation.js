// Marks the tab of the section that is being read.
export function markCurrentSection() {
  const links = new Map([...document.querySelectorAll('.tabs a')].map(link => [link.hash.slice(1), link]));
  const visible = new Map();
  const observer = new IntersectionObserver(entries => {
    entries.forEach(entry => visible.set(entry.target.id, entry.isIntersecting));
    const first = [...links.keys()].find(id => visible.get(id));
    links.forEach((link, id) => {
      if (id === first) {
        link.setAttribute('aria-current', 'true');
      } else {
        link.removeAttribute('aria-current');
      }
    });
  }, { rootMargin: '-20% 0px -55% 0px' });
  links.forEach((link, id) => observer.observe(document.getElementById(id)));
}

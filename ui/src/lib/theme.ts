/** Follows the system's theme and contrast; `?theme=` chooses one. */
const THEMES = ['dark', 'light', 'hc'];

export function followTheme(root: HTMLElement, place: Window): void {
  const asked = new URLSearchParams(place.location.search).get('theme');
  if (asked !== null && THEMES.includes(asked)) {
    root.dataset['theme'] = asked;
    return;
  }
  const light = place.matchMedia('(prefers-color-scheme: light)');
  const contrast = place.matchMedia('(prefers-contrast: more)');
  const set = (): void => {
    root.dataset['theme'] = contrast.matches ? 'hc' : light.matches ? 'light' : 'dark';
  };
  set();
  light.addEventListener('change', set);
  contrast.addEventListener('change', set);
}

/** Moves focus along the rows of a table or list: arrows, Home, End, Page. */
const PAGE = 10;

export function rows(node: HTMLElement): () => void {
  const keydown = (event: KeyboardEvent): void => {
    const all = [...node.querySelectorAll<HTMLElement>('[data-row]')];
    const current = all.indexOf(document.activeElement as HTMLElement);
    if (current < 0) return;
    const steps: Record<string, number> = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: all.length - 1, PageDown: current + PAGE, PageUp: current - PAGE };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    all[Math.max(0, Math.min(all.length - 1, to))]?.focus();
  };
  node.addEventListener('keydown', keydown);
  return () => node.removeEventListener('keydown', keydown);
}

/** Enter and the space bar open a row, like a click. */
export function opens(act: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.target !== event.currentTarget || (event.key !== 'Enter' && event.key !== ' ')) return;
    event.preventDefault();
    act();
  };
}

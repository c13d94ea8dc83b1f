/** Arrows choose among the buttons of a radio group, as the keyboard expects. */
export function radios(node: HTMLElement): () => void {
  const keydown = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    const step = steps[event.key];
    const all = [...node.querySelectorAll<HTMLButtonElement>('[role=radio]:not(:disabled)')];
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    if (step === undefined || at < 0) return;
    event.preventDefault();
    const next = all[(at + step + all.length) % all.length];
    next?.focus();
    next?.click();
  };
  node.addEventListener('keydown', keydown);
  return () => node.removeEventListener('keydown', keydown);
}

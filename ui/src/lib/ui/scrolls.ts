/** Lets the keyboard scroll what holds nothing else to focus: not every engine does so by itself. */
export function scrolls(node: HTMLElement): void {
  node.tabIndex = 0;
}

/** What is told to those who look without eyes changes with every frame: it is written some times a second. */
const APART_MS = 200;

/** Returns a writer that writes at once, and then not before `ms` are over; the newest wins. */
export function paced<T>(write: (value: T) => void, ms = APART_MS): (value: T) => void {
  let next: { value: T } | null = null;
  let isWaiting = false;
  const due = (): void => {
    isWaiting = false;
    if (next) put(next.value);
  };
  const put = (value: T): void => {
    next = null;
    isWaiting = true;
    setTimeout(due, ms);
    write(value);
  };
  return (value) => {
    if (isWaiting) next = { value };
    else put(value);
  };
}

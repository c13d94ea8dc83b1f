/** Puts what was read, or drawn meanwhile, into a book beside what is there. Knows nothing of the page. */
import { DRAWINGS_MAX, nextId, type Drawing } from '../draw/model';
import { LAYOUTS_MAX, WATCHED_MAX, type Book, type Layout, type Parts } from './document';

/** Returns the book with the parts added under ids that are free: what is there stays. What is there already is not added twice. */
export function merged(book: Book, parts: Parts): Book {
  const drawings = { ...book.drawings };
  for (const [symbol, some] of Object.entries(parts.drawings)) drawings[symbol] = some.reduce(added, drawings[symbol] ?? []);
  const watchlist = [...new Set([...book.watchlist, ...parts.watchlist])].slice(0, WATCHED_MAX);
  return { ...book, layouts: parts.layouts.reduce(withLayout, book.layouts), drawings, watchlist };
}

/** Returns a free id of a letter and a number. */
export function nextOf(letter: string, taken: readonly string[]): string {
  const numbers = taken.map((id) => (id.startsWith(letter) ? Number(id.slice(1)) : 0)).filter((n) => Number.isSafeInteger(n));
  return `${letter}${Math.max(0, ...numbers) + 1}`;
}

const content = (one: { id: string }): string => JSON.stringify({ ...one, id: '' });

function added(kept: Drawing[], one: Drawing): Drawing[] {
  if (kept.length >= DRAWINGS_MAX || kept.some((old) => content(old) === content(one))) return kept;
  return [...kept, { ...one, id: nextId(kept) }];
}

function withLayout(kept: Layout[], one: Layout): Layout[] {
  if (kept.length >= LAYOUTS_MAX || kept.some((old) => content(old) === content(one))) return kept;
  return [...kept, { ...one, id: nextOf('l', kept.map(({ id }) => id)) }];
}

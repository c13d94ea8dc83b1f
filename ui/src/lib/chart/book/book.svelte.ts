/** The chart book of the window: read once, changed in memory, written with each change but not all the time. */
import { askFor, failureOf, type Backend, type Failure } from '../../ipc';
import type { Shelf } from '../draw/board.svelte';
import type { Drawing } from '../draw/model';
import { blankBook, blankPanel, BookTrouble, bookText, LAYOUTS_MAX, NAME_MAX, PANELS_MAX, parseBook, parseParts, WATCHED_MAX, withAside, type Book, type Layout, type Panel, type Parts } from './document';
import { merged, nextOf } from './merge';

/** After a write, changes within this time are written together. */
const SAVE_MS = 600;
/** After one that failed, it is tried again this much later. */
const AGAIN_MS = 5000;
/** Characters of an unreadable document that are kept inside of a new one: written as text, it grows. */
const INSIDE_MAX = 1 << 20;

/** A timer, so that tests need no clock. */
export interface Later {
  (run: () => void, ms: number): () => void;
}

const timer: Later = (run, ms) => {
  const id = setTimeout(run, ms);
  return () => clearTimeout(id);
};

export class ChartBook implements Shelf {
  book = $state.raw<Book>(blankBook());
  /** What went wrong with reading or writing, for the person. */
  failure = $state.raw<Failure | null>(null);
  isLoaded = $state(false);
  /** Counts the books that took the place of another: charts are dressed anew. */
  nOpened = $state(0);
  /** Other drawings stand in the place of those that were there. */
  onopened: () => void = () => undefined;
  /** Read, or known to be unreadable: charts may be drawn. */
  readonly isReady = $derived(this.isLoaded || this.failure !== null);

  readonly layout = $derived.by(() => this.book.layouts.find(({ id }) => id === this.book.active) ?? this.book.layouts[0] ?? blankBook().layouts[0] as Layout);

  #cancel: (() => void) | null = null;
  #isWriting = false;
  #isDirty = false;

  constructor(
    private readonly backend: Backend,
    private readonly now: () => string = () => new Date().toISOString(),
    private readonly later: Later = timer,
  ) {}

  /** Reads the book. What cannot be read of it is kept aside in it; what was drawn before it could be read is added. */
  async load(): Promise<void> {
    if (this.isLoaded) return;
    try {
      const { document } = await askFor(this.backend, { do: 'chart-book' }, 'chart-book');
      this.failure = null;
      this.#open(document ?? bookText(blankBook()));
    } catch (thrown) {
      // Not loaded: nothing is written over a book that may be there.
      this.failure = { ...failureOf(thrown), code: NOT_READ, next: 'What you draw and arrange is kept only when the book can be read. Look at the data directory, then try again.' };
    }
  }

  /** Adds what can be read by now of what is kept aside; the rest stays there. */
  restore(at: number): void {
    const one = this.book.aside[at];
    if (!one) return;
    try {
      const { parts, left } = parseParts(one.text);
      const aside = this.book.aside.flatMap((old, i) => (i !== at ? [old] : left ? [{ ...old, ...left }] : []));
      this.#change({ ...merged(this.book, parts), aside });
      this.onopened();
      if (left) this.failure = unread(left.why, 'What could be read was added; the rest stays aside.');
    } catch (thrown) {
      if (!(thrown instanceof BookTrouble)) throw thrown;
      this.failure = unread(thrown.message, 'It stays aside. A newer Gatehouse may read it.');
    }
  }

  /** Forgets what is kept aside. */
  forget(at: number): void {
    this.#change({ aside: this.book.aside.filter((_, i) => i !== at) });
  }

  drawings(symbol: string): readonly Drawing[] {
    return this.book.drawings[symbol] ?? [];
  }

  put(symbol: string, drawings: readonly Drawing[]): void {
    const others = Object.entries(this.book.drawings).filter(([of]) => of !== symbol);
    this.#change({ drawings: Object.fromEntries(drawings.length > 0 ? [...others, [symbol, [...drawings]]] : others) });
  }

  watch(symbol: string): void {
    if (this.book.watchlist.includes(symbol) || this.book.watchlist.length >= WATCHED_MAX) return;
    this.#change({ watchlist: [...this.book.watchlist, symbol] });
  }

  unwatch(symbol: string): void {
    this.#change({ watchlist: this.book.watchlist.filter((one) => one !== symbol) });
  }

  /** Keeps what charts that follow the watchlist show. */
  select(symbol: string): void {
    if (symbol !== this.book.symbol) this.#change({ symbol });
  }

  show(id: string): void {
    if (this.book.layouts.some((one) => one.id === id)) this.#change({ active: id });
  }

  /** Changes the layout that is shown. */
  arrange(change: Partial<Pick<Layout, 'name' | 'panels' | 'grid'>>): void {
    const { id } = this.layout;
    this.#change({ layouts: this.book.layouts.map((one) => (one.id === id ? { ...one, ...change } : one)) });
  }

  setPanel(id: string, change: Partial<Omit<Panel, 'id'>>): void {
    const old = this.layout.panels.find((one) => one.id === id);
    const changed = old && { ...old, ...change };
    if (!changed || JSON.stringify(changed) === JSON.stringify(old)) return;
    this.arrange({ panels: this.layout.panels.map((one) => (one.id === id ? changed : one)) });
  }

  /** Adds a chart that begins as a copy of another; returns its id, or null when there are four. */
  addPanel(like: Panel | null = this.layout.panels.at(-1) ?? null): string | null {
    const { panels } = this.layout;
    if (panels.length >= PANELS_MAX) return null;
    const id = nextOf('p', panels.map((one) => one.id));
    this.arrange({ panels: [...panels, { ...blankPanel(id), ...(like ? { symbol: like.symbol, group: like.group, look: like.look } : {}) }] });
    return id;
  }

  removePanel(id: string): void {
    const { panels } = this.layout;
    if (panels.length > 1) this.arrange({ panels: panels.filter((one) => one.id !== id) });
  }

  /** Keeps the layout that is shown under a new name too, and shows that one. */
  saveAs(name: string): void {
    if (this.book.layouts.length >= LAYOUTS_MAX || name.trim() === '') return;
    const id = nextOf('l', this.book.layouts.map((one) => one.id));
    this.#change({ layouts: [...this.book.layouts, { ...this.layout, id, name: name.trim().slice(0, NAME_MAX) }], active: id });
  }

  rename(id: string, name: string): void {
    const named = name.trim().slice(0, NAME_MAX);
    if (named !== '') this.#change({ layouts: this.book.layouts.map((one) => (one.id === id ? { ...one, name: named } : one)) });
  }

  removeLayout(id: string): void {
    const layouts = this.book.layouts.filter((one) => one.id !== id);
    const [first] = layouts;
    if (first) this.#change({ layouts, active: this.book.active === id ? first.id : this.book.active });
  }

  /** Writes at once what was not written yet. */
  async flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = null;
    await this.#write();
  }

  async #write(): Promise<void> {
    if (this.#isWriting || !this.#isDirty) return;
    this.#isWriting = true;
    this.#isDirty = false;
    try {
      await askFor(this.backend, { do: 'save-chart-book', document: bookText(this.book) }, 'done');
      if (this.failure?.code === NOT_SAVED) this.failure = null;
    } catch (thrown) {
      // The whole book each time: changes meanwhile go along.
      this.failure = { ...failureOf(thrown), code: NOT_SAVED };
      this.#isDirty = true;
      this.#cancel?.();
      this.#wait(AGAIN_MS);
    }
    this.#isWriting = false;
    if (this.#isDirty && this.failure === null) await this.#write();
  }

  #open(document: string): void {
    const drawnBefore = partsOf(this.book);
    const chosenBefore = this.book.symbol;
    let [book, isWhole] = [blankBook(), true];
    try {
      const parsed = parseBook(document);
      book = parsed.book;
      if (parsed.left) {
        isWhole = false;
        book = withAside(book, { at: this.now(), ...parsed.left });
        this.failure = unread(parsed.left.why, 'The rest is here. What could not be read is kept aside, under Layouts.');
      }
    } catch (thrown) {
      if (!(thrown instanceof BookTrouble)) throw thrown;
      if (document.length > INSIDE_MAX) {
        this.failure = { ...unread(thrown.message, 'It is too large to be kept aside, so nothing is written over it, and what you draw is not kept. Move charts.json out of the data directory, then try again.'), code: NOT_READ };
        return;
      }
      isWhole = false;
      book = withAside(book, { at: this.now(), why: thrown.message, text: document });
      this.failure = unread(thrown.message, 'A new book was begun. The old one is kept aside, under Layouts; nothing of it is lost.');
    }
    this.book = { ...merged(book, drawnBefore), symbol: chosenBefore ?? book.symbol };
    this.isLoaded = true;
    this.nOpened++;
    this.onopened();
    if (!isWhole || bookText(this.book) !== bookText(book)) this.#save();
  }

  #change(change: Partial<Book>): void {
    this.book = { ...this.book, ...change };
    if (this.isLoaded) this.#save();
  }

  /** Writes what changes together at once: the window may be closed right after. What follows soon waits. */
  #save(): void {
    this.#isDirty = true;
    if (this.#cancel !== null) return;
    this.#wait(SAVE_MS);
    queueMicrotask(() => void this.#write());
  }

  #wait(ms: number): void {
    this.#cancel = this.later(() => {
      this.#cancel = null;
      if (this.#isDirty) this.#save();
    }, ms);
  }
}

const NOT_SAVED = 'chart-book-not-saved';
const NOT_READ = 'chart-book-not-read';

function unread(why: string, next: string): Failure {
  return { code: 'chart-book-unread', kind: 'broken', what: 'Not all of the kept drawings and layouts could be read.', why: `${why.charAt(0).toUpperCase()}${why.slice(1)}.`, next };
}

/** What a person made before a book was there: one chart that nobody arranged is nothing made. */
function partsOf({ layouts, drawings, watchlist }: Book): Parts {
  return { layouts: layouts.filter(({ id, panels }) => id !== 'l1' || panels.length > 1), drawings, watchlist };
}

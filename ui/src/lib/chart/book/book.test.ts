import { expect, test } from 'vitest';

import { failureOf, Refusal, type Backend, type Reply, type Request } from '../../ipc';
import type { Drawing } from '../draw/model';
import { ChartBook } from './book.svelte';
import { blankBook, bookText, parseBook, withAside, type Book } from './document';

const LINE: Drawing = { id: 'd1', kind: 'line', anchors: [{ time: 1_763_476_200, price: 660.5 }, { time: 1_763_490_000, price: 662 }], colour: 'accent', text: '', isLocked: false };
const FULL: Book = {
  ...blankBook(),
  layouts: [{ id: 'l1', name: 'One chart', panels: [{ id: 'p1', symbol: null, group: null, look: { frame: '5m' } }], grid: null }, { id: 'l2', name: 'Two days', panels: [{ id: 'p1', symbol: 'SPY', group: 'iris', look: {} }, { id: 'p2', symbol: null, group: 'iris', look: {} }], grid: { root: [1, 2] } }],
  active: 'l2',
  drawings: { SPY: [LINE] },
  watchlist: ['AMD'],
};

class Shop implements Backend {
  readonly isSample = true;
  written: string[] = [];
  constructor(
    public kept: string | null,
    public isBroken = false,
  ) {}
  async ask(request: Request): Promise<Reply> {
    if (this.isBroken) throw new Refusal(failureOf(new Error('the disk is full')));
    if (request.do === 'chart-book') return { reply: 'chart-book', document: this.kept };
    if (request.do === 'save-chart-book') this.written.push((this.kept = request.document));
    return { reply: 'done', after_s: null, note: null };
  }
  async columns(): Promise<ArrayBuffer> {
    throw new Error('a book has no columns');
  }
  async subscribe(): Promise<() => void> {
    return () => undefined;
  }
}

/** A book whose timer is rung by hand. */
function opened(shop: Shop): { book: ChartBook; ring: () => Promise<void>; waiting: () => number } {
  const due = new Set<() => void>();
  const book = new ChartBook(shop, () => '2026-11-21T12:00:00Z', (run) => {
    due.add(run);
    return () => due.delete(run);
  });
  return { book, waiting: () => due.size, ring: async () => {
    const now = [...due];
    due.clear();
    for (const run of now) run();
    await settled();
  } };
}

const settled = (): Promise<void> => new Promise((done) => { setTimeout(done, 0); });

test('a book is read as it was written', () => {
  expect(parseBook(bookText(FULL))).toEqual({ book: FULL, left: null });
});

const broken = (change: (book: Record<string, unknown>) => unknown): string => JSON.stringify(change(JSON.parse(bookText(FULL)) as Record<string, unknown>));
test.each<[string, string]>([
  ['{', 'it is not JSON'],
  ['[]', 'it is no object'],
  [broken((book) => ({ ...book, version: 7 })), 'version: 7 is not known, 1 is'],
  [broken((book) => ({ ...book, drawings: 7 })), 'drawings: it is no object'],
  [broken((book) => ({ ...book, layouts: 7 })), 'layouts: it is no list'],
])('what is no book of this version says where and why: %#', (text, why) => {
  expect(() => parseBook(text)).toThrow(why);
});

const other = { ...LINE, id: 'd2' };
test.each<[string, string]>([
  [broken((book) => ({ ...book, layouts: [...FULL.layouts, { ...FULL.layouts[1], id: 'l3', panels: [] }] })), 'layouts[2].panels: a layout has one to four charts'],
  [broken((book) => ({ ...book, layouts: [...FULL.layouts, FULL.layouts[0]] })), 'layouts: "l1" is there twice'],
  [broken((book) => ({ ...book, drawings: { SPY: [{ ...other, kind: 'circle' }, LINE] } })), 'drawings.SPY[0].kind: "circle" is no kind of drawing'],
  [broken((book) => ({ ...book, drawings: { SPY: [LINE, { ...other, anchors: [{ time: 1, price: null }, { time: 1, price: 1 }] }] } })), 'drawings.SPY[1].anchors[0].price: it is no number'],
  [broken((book) => ({ ...book, drawings: { SPY: [LINE, { ...other, anchors: [{ time: 1, price: 2 }] }] } })), 'drawings.SPY[1].anchors: a line has 2, not 1'],
  [broken((book) => ({ ...book, drawings: { SPY: [LINE, LINE] } })), 'drawings.SPY: "d1" is there twice'],
  [broken((book) => ({ ...book, drawings: { SPY: [LINE], QQQ: 7 } })), 'drawings.QQQ: it is no list'],
  [broken((book) => ({ ...book, watchlist: ['AMD', 7] })), 'watchlist[1]: it is no name of 1 to 32 characters'],
])('one thing that cannot be read leaves all others as they are: %#', (text, why) => {
  const { book, left } = parseBook(text);
  expect([book, left?.why]).toEqual([FULL, why]);
});

test('a layout that is gone is not shown, and what this version does not know of is kept', () => {
  expect(parseBook(broken((book) => ({ ...book, active: 'l9' }))).book.active).toBe('l1');
  const newer = broken((book) => ({ ...book, notes: ['a'], drawings: { SPY: [{ ...LINE, width: 3 }] } }));
  expect(JSON.parse(bookText(parseBook(newer).book))).toEqual(JSON.parse(newer));
});

test('a change is written at once, with what changes along with it, and what follows soon is written once', async () => {
  const shop = new Shop(null);
  const { book, ring, waiting } = opened(shop);
  await book.load();
  book.watch('AMD');
  book.put('SPY', [LINE]);
  await settled();
  expect([waiting(), shop.written.length]).toEqual([1, 1]);
  const { book: again } = opened(shop);
  await again.load();
  expect([again.drawings('SPY'), again.book.watchlist]).toEqual([[LINE], ['AMD']]);
  book.watch('VTI');
  await settled();
  book.watch('IWM');
  await settled();
  expect(shop.written.length).toBe(1);
  await ring();
  expect([shop.written.length, parseBook(shop.kept ?? '').book.watchlist]).toEqual([2, ['AMD', 'VTI', 'IWM']]);
  await ring();
  expect([shop.written.length, waiting()]).toEqual([2, 0]);
});

test('a book that cannot be read is kept aside, and the person is told', async () => {
  const bad = broken((book) => ({ ...book, drawings: 7 }));
  const shop = new Shop(bad);
  const { book, ring } = opened(shop);
  await book.load();
  expect(book.failure?.why).toBe('Drawings: it is no object.');
  await ring();
  expect(parseBook(shop.kept ?? '').book.aside).toEqual([{ at: '2026-11-21T12:00:00Z', why: 'drawings: it is no object', text: bad }]);
});

test('a book that was never read is never written over', async () => {
  const shop = new Shop(bookText(FULL), true);
  const { book, waiting } = opened(shop);
  await book.load();
  expect(book.failure).not.toBeNull();
  book.watch('AMD');
  expect([waiting(), book.isLoaded]).toEqual([0, false]);
});

test('what was drawn before the book could be read is added to it', async () => {
  const shop = new Shop(bookText(FULL), true);
  const { book, ring } = opened(shop);
  let nTold = 0;
  book.onopened = () => nTold++;
  await book.load();
  expect([book.failure?.code, book.failure?.next]).toEqual(['chart-book-not-read', expect.stringContaining('is kept only when')]);
  book.watch('VTI');
  book.put('SPY', [LINE, { ...LINE, id: 'd2', colour: 'bot-2' }]);
  shop.isBroken = false;
  await book.load();
  await ring();
  const kept = parseBook(shop.kept ?? '').book;
  expect([kept.watchlist, kept.drawings['SPY']?.map(({ id, colour }) => [id, colour]), kept.layouts]).toEqual([['AMD', 'VTI'], [['d1', 'accent'], ['d2', 'bot-2']], FULL.layouts]);
  expect([book.failure, book.nOpened, nTold]).toEqual([null, 1, 1]);
});

test('what is kept aside is added when it can be read, and stays when it cannot', async () => {
  const shop = new Shop(broken((book) => ({ ...book, drawings: { SPY: [LINE, { ...LINE, id: 'd2', kind: 'circle' }, { ...LINE, id: 'd2', text: 7 }] } })));
  const { book } = opened(shop);
  await book.load();
  expect([book.drawings('SPY'), book.book.aside.length]).toEqual([[LINE], 1]);
  book.restore(0);
  expect([book.drawings('SPY'), book.book.aside.length]).toEqual([[LINE], 1]);
  const readable = JSON.stringify({ version: 1, layouts: [], watchlist: ['VTI'], drawings: { SPY: [{ ...LINE, colour: 'bot-2' }, { ...LINE, kind: 'circle' }] } });
  book.book = { ...book.book, aside: [{ at: '', why: '', text: readable }] };
  book.restore(0);
  expect([book.drawings('SPY').map(({ id }) => id), book.book.watchlist, book.book.aside[0]?.why]).toEqual([['d1', 'd2'], ['AMD', 'VTI'], 'drawings.SPY[1].kind: "circle" is no kind of drawing']);
  book.forget(0);
  expect(book.book.aside).toEqual([]);
});

test('of several books that could not be read the oldest goes', () => {
  const aside = ['a', 'b', 'c', 'd'].map((text) => ({ at: '', why: '', text }));
  expect(aside.reduce(withAside, blankBook()).aside.map(({ text }) => text)).toEqual(['b', 'c', 'd']);
});

test('a book too large to be kept aside is not written over', async () => {
  const shop = new Shop('x'.repeat(3 << 20));
  const { book, waiting } = opened(shop);
  await book.load();
  book.watch('AMD');
  expect([book.isLoaded, book.isReady, waiting(), shop.written.length, book.failure?.next]).toEqual([false, true, 0, 0, expect.stringContaining('Move charts.json')]);
});

test('what could not be written is kept and written a while later', async () => {
  const shop = new Shop(null);
  const { book, ring, waiting } = opened(shop);
  await book.load();
  shop.isBroken = true;
  book.watch('AMD');
  await ring();
  expect([book.failure?.code, book.book.watchlist, waiting()]).toEqual(['chart-book-not-saved', ['AMD'], 1]);
  shop.isBroken = false;
  await ring();
  expect([book.failure, parseBook(shop.kept ?? '').book.watchlist]).toEqual([null, ['AMD']]);
});

test('a layout has one to four charts, and there is always one layout', async () => {
  const { book } = opened(new Shop(null));
  await book.load();
  expect([book.addPanel(), book.addPanel(), book.addPanel(), book.addPanel()]).toEqual(['p2', 'p3', 'p4', null]);
  for (const id of ['p1', 'p2', 'p3', 'p4']) book.removePanel(id);
  expect(book.layout.panels.map(({ id }) => id)).toEqual(['p4']);
  book.saveAs('  Mine ');
  expect([book.layout.name, book.book.layouts.length]).toEqual(['Mine', 2]);
  book.removeLayout('l2');
  book.removeLayout('l1');
  expect([book.layout.id, book.book.layouts.length]).toEqual(['l1', 1]);
});

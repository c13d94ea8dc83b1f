import { beforeEach, expect, test } from 'vitest';

import { Desk } from '../../desk.svelte';
import { MockBackend } from '../../ipc/mock/backend';
import { blankBook, bookText, type Json } from '../book/document';
import { Charts } from './charts.svelte';
import { usualSettings } from '../view.svelte';
import { keptLook, lookOf, settingsOf } from './look';

let desk: Desk;
let charts: Charts;
beforeEach(async () => {
  desk = new Desk(new MockBackend({ play: 'day', mode: 'paper', isRunning: false }), () => 0);
  await desk.book.load();
  desk.select('SPY');
  charts = new Charts(desk, desk.book);
});
const symbols = (): (string | null)[] => charts.panels.map((panel) => charts.viewOf(panel).symbol);
const panel = (i: number): (typeof charts.panels)[number] => charts.panels[i] ?? charts.active;

test('a new chart is a copy of the active one, and the active one', () => {
  charts.view.frame = '1m';
  charts.add();
  expect([charts.panels.length, charts.active.id, charts.view.frame, symbols()]).toEqual([2, 'p2', '1m', ['SPY', 'SPY']]);
});

test('charts that follow the watchlist change together, a free one alone', () => {
  charts.add();
  charts.select('QQQ');
  expect([symbols(), desk.symbol]).toEqual([['QQQ', 'QQQ'], 'QQQ']);
  charts.link(panel(1), 'free');
  charts.activate('p2');
  charts.select('IBM');
  expect([symbols(), desk.symbol]).toEqual([['QQQ', 'IBM'], 'QQQ']);
  charts.activate('p1');
  charts.select('SPY');
  expect(symbols()).toEqual(['SPY', 'IBM']);
});

test('charts of one colour share their symbol, and the last to join takes it', () => {
  charts.add();
  charts.add();
  charts.link(panel(0), 'free');
  charts.activate('p1');
  charts.select('IBM');
  charts.link(panel(0), 'teal');
  charts.link(panel(1), 'teal');
  expect(symbols()).toEqual(['IBM', 'IBM', 'SPY']);
  charts.activate('p2');
  charts.select('AAPL');
  expect([symbols(), charts.panels.map((one) => charts.linkOf(one))]).toEqual([['AAPL', 'AAPL', 'SPY'], ['teal', 'teal', 'window']]);
  charts.link(panel(1), 'window');
  expect(symbols()).toEqual(['AAPL', 'SPY', 'SPY']);
});

test('each layout has charts and looks of its own', () => {
  charts.view.frame = '1h';
  charts.keepLooks();
  desk.book.saveAs('Two');
  charts.show(desk.book.book.active);
  charts.add();
  charts.view.frame = '15m';
  charts.show('l1');
  expect([charts.panels.length, charts.view.frame]).toEqual([1, '1h']);
  expect(charts.press({ code: 'Digit2', altKey: true, ctrlKey: false, metaKey: false, shiftKey: false })).toBe(true);
  expect([charts.panels.length, charts.viewOf(panel(1)).frame]).toEqual([2, '15m']);
});

test('a layout that takes the id of a deleted one has none of its looks', () => {
  desk.book.saveAs('Mornings');
  charts.show('l2');
  charts.view.frame = '1h';
  charts.keepLooks();
  charts.removeLayout('l2');
  charts.view.frame = '15m';
  charts.keepLooks();
  desk.book.saveAs('Evenings');
  charts.keepLooks();
  expect([desk.book.layout.id, charts.view.frame, charts.active.look['frame']]).toEqual(['l2', '15m', '15m']);
});

test('a book that is read late dresses the charts that were there before', async () => {
  const late = new Desk(new MockBackend({ play: 'day', mode: 'paper', isRunning: false }), () => 0);
  const kept = blankBook();
  await late.backend.ask({ do: 'save-chart-book', document: bookText({ ...kept, layouts: kept.layouts.map((one) => ({ ...one, panels: one.panels.map((two) => ({ ...two, look: { frame: '1h' } })) })) }) });
  const some = new Charts(late, late.book);
  expect(some.view.frame).toBe('5m');
  await late.book.load();
  some.keepLooks();
  expect([some.view.frame, some.active.look['frame']]).toEqual(['1h', '1h']);
});

test('keys add and close charts, and the last one stays', () => {
  const press = (code: string): boolean => charts.press({ code, altKey: true, ctrlKey: false, metaKey: false, shiftKey: false });
  expect([press('KeyN'), press('KeyN'), charts.panels.length]).toEqual([true, true, 3]);
  expect([press('KeyW'), press('KeyW'), press('KeyW'), charts.panels.length]).toEqual([true, true, false, 1]);
  expect([press('Digit9'), charts.press({ code: 'KeyN', altKey: false, ctrlKey: false, metaKey: false, shiftKey: false })]).toEqual([false, false]);
});

test('the pointer on one chart is shown on the others', () => {
  charts.add();
  const seen: (number | null)[][] = [[], []];
  const tells: ((at: { time: number; price: number | null } | null) => void)[] = [];
  charts.panels.forEach((one, i) => {
    charts.viewOf(one).chart = { onpoint: (tell: (typeof tells)[number]) => { tells[i] = tell; return () => undefined; }, pointAt: (time: number | null) => seen[i]?.push(time) } as never;
  });
  charts.linkCrosshairs();
  tells[0]?.({ time: 1200, price: 5 });
  tells[0]?.(null);
  expect(seen).toEqual([[], [1200, null]]);
});

test('a look is kept whole, and what is not understood of it is not shown', () => {
  charts.view.type = 'bars';
  charts.view.isLog = true;
  charts.view.addStudy('rsi');
  charts.view.toggle('fills');
  const look = lookOf(charts.view);
  expect(settingsOf(JSON.parse(JSON.stringify(look)), 'IBM')).toEqual({ ...charts.view.settings, symbol: 'IBM' });
  const strange = { kind: 'of-tomorrow', params: [1] };
  const again = keptLook(charts.view, { ...look, studies: [strange], theme: 'x' });
  expect([again['studies'], again['theme']]).toEqual([[...(look['studies'] as Json[]), strange], 'x']);
  const odd = settingsOf({ frame: '7m', type: 'stars', studies: [{ kind: 'ema', params: [0], colour: 'bot-1' }, { kind: 'rsi', params: [14], colour: 'bot-1' }, 7], shows: { fills: 'no', orders: false } }, null);
  expect(odd).toEqual({ ...usualSettings(), studies: [{ kind: 'rsi', params: [14], colour: 'bot-1' }], shows: { ...usualSettings().shows, orders: false } });
});

/** The window after a restart: nothing is chosen in it yet. */
async function restarted(): Promise<{ desk: Desk; shown: () => string | null }> {
  await desk.book.flush();
  const again = new Desk(desk.backend, () => 0);
  const some = new Charts(again, again.book);
  await again.replica.start();
  await again.book.load();
  return { desk: again, shown: () => some.view.symbol };
}

test('a chart that follows the watchlist shows after a restart what it showed before', async () => {
  charts.select('QQQ');
  const { desk: again, shown } = await restarted();
  expect([again.symbols[0], again.symbols.includes('QQQ'), shown()]).toEqual(['SPY', true, 'QQQ']);
  again.select('SPY');
  expect([shown(), again.book.book.symbol]).toEqual(['SPY', 'SPY']);
});

test('a symbol of before that nobody knows any more gives way to the first, unless it is on the list', async () => {
  charts.select('VTI');
  const { desk: again, shown } = await restarted();
  expect([again.book.book.symbol, shown()]).toEqual(['VTI', again.symbols[0]]);
  again.book.watch('VTI');
  expect(shown()).toBe('VTI');
});

test('what another screen asked for before the book was read is what is kept', async () => {
  charts.select('QQQ');
  await desk.book.flush();
  const again = new Desk(desk.backend, () => 0);
  again.showChart('IBM');
  await again.book.load();
  expect([again.symbol, again.book.book.symbol]).toEqual(['IBM', 'IBM']);
});

import { fireEvent, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { expect, test } from 'vitest';

import { Board } from './board.svelte';
import DrawLayer from './DrawLayer.svelte';
import type { Drawing } from './model';

type Layer = { paneViews: () => { renderer: () => { draw: (target: object) => void } }[] };

/** A chart that draws when it is told to. */
function chart(): { layers: Layer[]; draw: () => void } {
  const layers: Layer[] = [];
  const context = new Proxy({ measureText: () => ({ width: 10 }) }, { get: (own, name) => Reflect.get(own, name) ?? (() => undefined), set: () => true });
  const draw = (): void => layers.forEach((layer) => layer.paneViews().forEach((view) => view.renderer().draw({ useMediaCoordinateSpace: (paint: (scope: object) => void) => paint({ context, mediaSize: { width: 400, height: 300 } }) })));
  return { layers, draw };
}

function shown(board: Board, symbol: string, isActive: boolean): () => void {
  const { layers, draw } = chart();
  const candles = { addPrimitive: (layer: Layer) => (layers.push(layer), () => undefined), xOf: () => 50, yOf: () => 60, timeAt: () => 0, instantOf: (at: number) => at, apart: () => 0, priceAt: () => 0 };
  const pane = document.body.appendChild(document.createElement('div'));
  pane.dataset['pane'] = symbol;
  pane.tabIndex = 0;
  render(DrawLayer, { target: pane, props: { view: { symbol, chart: candles, columns: null } as never, board, isActive } });
  return draw;
}

function opened(symbols: [string, string]): { board: Board; kept: Record<string, readonly Drawing[]>; draw: () => Promise<void> } {
  const kept: Record<string, readonly Drawing[]> = { QQQ: [{ id: 'd1', kind: 'text', anchors: [{ time: 0, price: 1 }], colour: 'accent', text: 'Mine', isLocked: false }] };
  const board = new Board({ drawings: (of) => kept[of] ?? [], put: (of, all) => (kept[of] = all) });
  const draws = symbols.map((symbol, i) => shown(board, symbol, i === 0));
  return { board, kept, draw: async () => { await tick(); draws.forEach((one) => one()); await tick(); } };
}

test.each<[string, string]>([['SPY', 'SPY'], ['SPY', 'QQQ']])('words are typed on one of two charts, %s beside %s', async (...symbols) => {
  const { board, kept, draw } = opened(symbols);
  board.begin('SPY', 'text', { time: 0, price: 1 });
  board.keep();
  await draw();
  const inputs = screen.getAllByTestId<HTMLInputElement>('draw-words');
  expect([inputs.length, document.activeElement]).toEqual([1, inputs[0]]);
  if (inputs[0]) inputs[0].value = 'Gap';
  await fireEvent.keyDown(inputs[0] as HTMLInputElement, { key: 'Enter' });
  expect([kept['SPY']?.map(({ text }) => text), kept['QQQ']?.map(({ text }) => text), board.writing]).toEqual([['Gap'], ['Mine'], null]);
});

test('words are kept when the chart is pressed', async () => {
  const { board, kept, draw } = opened(['SPY', 'QQQ']);
  board.begin('SPY', 'text', { time: 0, price: 1 });
  board.keep();
  await draw();
  const [input] = screen.getAllByTestId<HTMLInputElement>('draw-words');
  if (input) input.value = 'Earnings';
  const canvas = document.createElement('canvas');
  screen.getAllByTestId('draw-layer')[0]?.parentElement?.append(canvas);
  await fireEvent(canvas, new MouseEvent('pointerdown', { bubbles: true, button: 0, clientX: 5, clientY: 5 }));
  expect([kept['SPY']?.map(({ text }) => text), board.writing]).toEqual([['Earnings'], null]);
});

test.each<[string, boolean]>([['pane', true], ['tools', true], ['pop', false], ['button', false]])('with the focus on %s, arrows move the selected drawing: %s', async (place, isMoved) => {
  const { board, kept, draw } = opened(['QQQ', 'SPY']);
  board.select('QQQ', 'd1');
  await draw();
  const pane = document.querySelector<HTMLElement>("[data-pane='QQQ']");
  const holder = pane?.appendChild(document.createElement('div'));
  if (holder) holder.className = place;
  const button = holder?.appendChild(document.createElement('button'));
  (place === 'pane' ? pane : button)?.focus();
  await fireEvent.keyDown(document.activeElement ?? document.body, { key: 'ArrowUp' });
  expect(kept['QQQ']?.[0]?.anchors[0]?.price !== 1).toBe(isMoved);
});

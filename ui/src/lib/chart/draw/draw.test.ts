import { beforeEach, describe, expect, test } from 'vitest';

import { Board } from './board.svelte';
import { Hand, type Scene } from './hand';
import { press, type Pressed } from './keys';
import { KINDS, nextId, told, WORDS, type Anchor, type Drawing, type Kind } from './model';
import { paint, type Paints, type Pen } from './paint';
import { isNear, LEVELS, measured, shapesOf, span, type Projection, type Shape } from './shapes';

/** A minute is 10 px wide, a dollar 1 px high; the picture is 400 by 300. */
const of: Projection = { x: (time) => time / 6, y: (price) => 300 - price, width: 400, height: 300, bars: (from, to) => (to - from) / 60, apart: (from, to) => to - from, price: (value) => value.toFixed(2) };
const anchorAt = ({ x, y }: { x: number; y: number }): Anchor => ({ time: x * 6, price: 300 - y });
const scene: Scene = {
  symbol: 'SPY',
  projection: of,
  anchor: (at, isSnapping) => (at.x > 400 ? null : isSnapping ? { ...anchorAt(at), price: 42 } : anchorAt(at)),
  shift: ({ time, price }, dx, dy) => ({ time: time + dx * 6, price: price - dy }),
};
const drawing = (kind: Kind, ...anchors: [number, number][]): Drawing => ({ id: 'd1', kind, anchors: anchors.map(([time, price]) => ({ time, price })), colour: 'accent', text: '', isLocked: false });

let kept: Record<string, readonly Drawing[]> = {};
let board: Board;
let hand: Hand;
beforeEach(() => {
  kept = {};
  board = new Board({ drawings: (symbol) => kept[symbol] ?? [], put: (symbol, all) => (kept = { ...kept, [symbol]: all }) });
  hand = new Hand(board, () => scene);
});
const spy = (): readonly Drawing[] => kept['SPY'] ?? [];
const click = (x: number, y: number, isSnapping = false): void => {
  hand.move({ x, y }, isSnapping);
  hand.down({ x, y }, isSnapping);
  hand.up({ x, y }, isSnapping);
};
const drag = (x: number, y: number, toX: number, toY: number): void => {
  hand.down({ x, y }, false);
  hand.move({ x: (x + toX) / 2, y: (y + toY) / 2 }, false);
  hand.up({ x: toX, y: toY }, false);
};
const key = (name: string, held: Partial<Pressed> = {}): boolean =>
  press(board, 'SPY', { key: name, code: `Key${name.toUpperCase()}`, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...held }, { scene, barWidth: 10, middle: (share) => anchorAt({ x: 400 * share, y: 150 }) }, true);

describe('placing', () => {
  test.each(KINDS)('a %s is placed by clicks', (kind) => {
    board.take(kind);
    click(60, 100);
    if (WORDS[kind].nAnchors === 2) {
      expect(spy()).toEqual([]);
      click(120, 50);
    }
    expect(spy().map((one) => [one.kind, one.anchors])).toEqual([[kind, WORDS[kind].nAnchors === 1 ? [{ time: 360, price: 200 }] : [{ time: 360, price: 200 }, { time: 720, price: 250 }]]]);
    expect([board.tool, board.selectedIn('SPY'), board.written('SPY')?.id]).toEqual([null, 'd1', kind === 'text' ? 'd1' : undefined]);
  });

  test('a line is placed by a drag too', () => {
    board.take('line');
    drag(60, 100, 120, 50);
    expect(spy()[0]?.anchors).toEqual([{ time: 360, price: 200 }, { time: 720, price: 250 }]);
  });

  test('with the modifier an anchor snaps', () => {
    board.take('horizontal');
    click(60, 100, true);
    expect(spy()[0]?.anchors[0]?.price).toBe(42);
  });

  test('a press beside the picture places nothing', () => {
    board.take('horizontal');
    expect(hand.down({ x: 500, y: 100 }, false)).toBe(false);
    expect(spy()).toEqual([]);
  });

  test('Esc gives up what is being placed, then the tool, then the selection', () => {
    board.take('line');
    hand.down({ x: 60, y: 100 }, false);
    expect([key('Escape'), board.held, board.tool]).toEqual([true, null, 'line']);
    expect([key('Escape'), board.tool]).toEqual([true, null]);
    kept = { SPY: [drawing('line', [0, 0], [600, 100])] };
    board.select('SPY', 'd1');
    expect([key('Escape'), board.selectedIn('SPY'), key('Escape')]).toEqual([true, null, false]);
  });
});

describe('moving', () => {
  beforeEach(() => (kept = { SPY: [drawing('line', [0, 0], [600, 100])] }));

  test('the whole is moved by its line', () => {
    drag(50, 250, 60, 240);
    expect(spy()[0]?.anchors).toEqual([{ time: 60, price: 10 }, { time: 660, price: 110 }]);
  });

  test('an anchor is moved by its handle once the drawing is selected', () => {
    click(50, 250);
    drag(100, 200, 120, 180);
    expect(spy()[0]?.anchors).toEqual([{ time: 0, price: 0 }, { time: 720, price: 120 }]);
  });

  test('a locked one is selected and stays where it is', () => {
    kept = { SPY: [{ ...drawing('line', [0, 0], [600, 100]), isLocked: true }] };
    drag(50, 250, 60, 240);
    expect([board.selectedIn('SPY'), spy()[0]?.anchors[0], board.remove('SPY')]).toEqual(['d1', { time: 0, price: 0 }, false]);
  });

  test('a press beside it lets go, and is the chart’s', () => {
    board.select('SPY', 'd1');
    expect([hand.down({ x: 200, y: 20 }, false), board.selectedIn('SPY')]).toEqual([false, null]);
  });

  test('a click that moves nothing is no step to undo', () => {
    click(50, 250);
    expect([board.selectedIn('SPY'), board.canUndo('SPY')]).toEqual(['d1', false]);
  });

  test('a press on an axis or a pane below takes nothing, though a line would go on there', () => {
    kept = { SPY: [drawing('line', [0, -50], [600, 100])] };
    expect([hand.under({ x: 2, y: 347 }), hand.down({ x: 2, y: 347 }, false), board.selectedIn('SPY')]).toEqual([null, false, null]);
  });

  test('a handle that is dragged over another chart of the symbol moves no other anchor', () => {
    const other = new Hand(board, () => scene);
    board.select('SPY', 'd1');
    hand.down({ x: 0, y: 300 }, false);
    expect(other.move({ x: 300, y: 100 }, false)).toBe(false);
    hand.up({ x: 0, y: 300 }, false);
    expect(spy()[0]?.anchors).toEqual([{ time: 0, price: 0 }, { time: 600, price: 100 }]);
  });

  test('keys move the whole by bars and pixels, or one anchor', () => {
    board.select('SPY', 'd1');
    key('ArrowRight');
    key('ArrowUp', { shiftKey: true });
    expect(spy()[0]?.anchors).toEqual([{ time: 60, price: 10 }, { time: 660, price: 110 }]);
    key('n');
    key('ArrowLeft');
    expect(spy()[0]?.anchors).toEqual([{ time: 0, price: 10 }, { time: 660, price: 110 }]);
    key('n');
    key('n');
    expect(board.handle).toBeNull();
  });
});

describe('keys', () => {
  test('Alt and a letter take a tool, Enter places it in the middle, Del removes it', () => {
    expect(key('m', { altKey: true })).toBe(true);
    expect([board.tool, board.isOpen]).toEqual(['measure', true]);
    key('Enter');
    expect(spy()[0]?.anchors).toEqual([{ time: 960, price: 150 }, { time: 1440, price: 150 }]);
    key('Delete');
    expect(spy()).toEqual([]);
  });

  test('Ctrl Z undoes and Ctrl Shift Z does again, each for the symbol that is shown', () => {
    board.change('SPY', [drawing('line', [0, 0], [600, 100])]);
    board.change('QQQ', [drawing('text', [0, 0])]);
    expect([key('z', { ctrlKey: true }), kept['QQQ']?.length, spy()]).toEqual([true, 1, []]);
    expect([key('z', { ctrlKey: true }), board.canUndo('QQQ')]).toEqual([false, true]);
    board.change('QQQ', []);
    key('Z', { ctrlKey: true, shiftKey: true });
    expect(spy().length).toBe(1);
    key('z', { ctrlKey: true });
    board.change('SPY', []);
    expect(board.canRedo('SPY')).toBe(false);
  });

  test('what is being placed is taken back first, and never has the id of one that is there', () => {
    board.change('SPY', [drawing('line', [0, 0], [600, 100])]);
    key('z', { ctrlKey: true });
    board.take('line');
    click(60, 100);
    key('Z', { ctrlKey: true, shiftKey: true });
    expect([board.held, spy().map(({ id }) => id)]).toEqual([null, ['d1']]);
    click(60, 100);
    expect([key('z', { ctrlKey: true }), board.held, spy().length]).toEqual([true, null, 1]);
  });

  test('letters of other parts are left alone', () => {
    for (const name of ['g', 't', '1', '[', 'ArrowLeft', 'Enter']) expect(key(name)).toBe(false);
  });

  test('the second letter of no chord belongs to a selected drawing', () => {
    kept = { SPY: [drawing('line', [0, 0], [600, 100])] };
    board.select('SPY', 'd1');
    for (const name of ['h', 'c', 'o', 'r', 'a', 'w']) expect(key(name)).toBe(false);
  });
});

describe('several symbols', () => {
  beforeEach(() => (kept = { SPY: [drawing('line', [0, 0], [600, 100])], QQQ: [drawing('line', [0, 0], [600, 100])] }));

  test('what is selected of one is not selected of another that has the same id', () => {
    board.select('QQQ', 'd1');
    expect([board.find('SPY'), board.selectedIn('SPY'), key('Delete'), spy().length]).toEqual([null, null, false, 1]);
    board.change('SPY', []);
    expect([board.selectedIn('QQQ'), board.remove('QQQ'), kept['QQQ']]).toEqual(['d1', true, []]);
  });

  test('a press takes the one of its own symbol, though another has the id', () => {
    board.select('QQQ', 'd1');
    click(50, 250);
    expect([board.selectedIn('SPY'), board.selectedIn('QQQ')]).toEqual(['d1', null]);
  });

  test('a text is written for its own symbol', () => {
    board.take('text');
    click(60, 100);
    expect([board.written('SPY')?.kind, board.written('QQQ')]).toEqual(['text', null]);
  });
});

test('a symbol with all the drawings that it may have says so, and the tool is put down', () => {
  const said: string[] = [];
  board = new Board({ drawings: () => Array.from({ length: 500 }, (_, i) => ({ ...drawing('line', [0, 0], [1, 1]), id: `d${i}` })), put: () => { throw new Error('nothing is kept'); } }, (sentence) => said.push(sentence));
  hand = new Hand(board, () => scene);
  board.take('line');
  click(60, 100);
  click(90, 100);
  expect([board.tool, board.held, said]).toEqual([null, null, ['SPY has 500 drawings, which are the most. Delete one first.']]);
});

describe('shapes', () => {
  const lines = (shapes: Shape[]): Extract<Shape, { is: 'line' }>[] => shapes.filter((shape) => shape.is === 'line');
  const said = (shapes: Shape[]): string[] => shapes.flatMap((shape) => (shape.is === 'words' ? [shape.text] : []));

  test('a ray goes on beyond the picture', () => {
    const [ray] = lines(shapesOf(drawing('ray', [0, 0], [600, 100]), of));
    expect(ray?.to.x).toBeGreaterThan(400);
    expect((ray?.to.x ?? 0) + (ray?.to.y ?? 0)).toBeCloseTo(300);
  });

  test('levels of Fibonacci go from the second anchor back to the first', () => {
    const shapes = shapesOf(drawing('fibonacci', [0, 100], [600, 200]), of);
    expect(lines(shapes).slice(1).map(({ from }) => 300 - from.y).map((price) => Number(price.toFixed(1)))).toEqual([200, 176.4, 161.8, 150, 138.2, 121.4, 100]);
    expect(said(shapes).length).toBe(LEVELS.length);
    expect(said(shapes)[1]).toBe('0.236 (176.40)');
  });

  test('from far away only as many levels are said as have room, the ends always', () => {
    const shapes = shapesOf(drawing('fibonacci', [0, 100], [600, 120]), of);
    expect(lines(shapes).length).toBe(LEVELS.length + 1);
    expect(said(shapes)).toEqual(['0 (120.00)', '1 (100.00)']);
  });

  test('a measure says price, percent, bars and time', () => {
    expect(measured(drawing('measure', [0, 200], [3900, 205]), of)).toEqual(['+5.00 (+2.50 %)', '65 bars, 1 h 5 min']);
    expect(measured(drawing('measure', [60, 0], [0, -1]), of)).toEqual(['−1.00', '−1 bar, −1 min']);
  });

  test('a horizontal line needs no place in time', () => {
    const shapes = shapesOf(drawing('horizontal', [0, 120]), { ...of, x: () => null });
    expect([lines(shapes)[0]?.from, said(shapes)]).toEqual([{ x: 0, y: 180 }, ['120.00']]);
  });

  test('what has no place is not drawn', () => {
    for (const kind of KINDS) expect(shapesOf(drawing(kind, [0, 100], [60, 110]), { ...of, x: () => null, y: () => null })).toEqual([]);
  });

  test('a box is taken by its edges, not by its middle', () => {
    const [box] = shapesOf(drawing('rectangle', [0, 100], [600, 200]), of);
    if (!box) throw new Error('there is a box');
    expect([isNear(box, { x: 50, y: 101 }, 5), isNear(box, { x: 50, y: 150 }, 5), isNear(box, { x: 102, y: 150 }, 5)]).toEqual([true, false, true]);
  });

  test('spans are short', () => {
    expect([0, 45, 60, 3900, 97_200, -7200].map(span)).toEqual(['0 s', '45 s', '1 min', '1 h 5 min', '1 d 3 h', '−2 h']);
  });

  test('what is selected has its handles painted', () => {
    const calls: string[] = [];
    const pen = new Proxy({ measureText: () => ({ width: 10 }) } as unknown as Pen, { get: (own, name) => Reflect.get(own, name) ?? (() => calls.push(String(name))), set: () => true });
    const paints = { colours: {}, pane: '#000', font: 'x' } as Paints;
    const one = drawing('line', [0, 0], [600, 100]);
    paint(pen, { drawing: one, shapes: shapesOf(one, of), isSelected: false, handles: [], handle: null }, paints);
    expect(calls.filter((name) => name === 'arc').length).toBe(0);
    paint(pen, { drawing: one, shapes: shapesOf(one, of), isSelected: true, handles: [{ x: 0, y: 0 }, { x: 1, y: 1 }], handle: 1 }, paints);
    expect(calls.filter((name) => name === 'arc').length).toBe(2);
  });
});

test('ids are free, and a drawing is told in one line', () => {
  expect(nextId([drawing('line', [0, 0], [1, 1]), { ...drawing('line', [0, 0], [1, 1]), id: 'd7' }])).toBe('d8');
  const price = (value: number): string => value.toFixed(1);
  const when = (time: number): string => `at ${time}`;
  expect(told(drawing('line', [1, 2], [3, 4]), price, when)).toBe('Line from 2.0, at 1 to 4.0, at 3');
  expect(told(drawing('horizontal', [1, 2]), price, when)).toBe('Horizontal line at 2.0');
  expect(told({ ...drawing('text', [1, 2]), text: 'Gap' }, price, when)).toBe('Text “Gap” at 2.0, at 1');
});

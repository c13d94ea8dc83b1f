import { beforeEach, expect, test } from 'vitest';

import { gestures as drawn } from './draw/gestures';
import type { Hand } from './draw/hand';
import { gestures } from './gestures';

let host: HTMLElement;
let canvas: HTMLCanvasElement;
let moves: [number, number][];
let nResets: number;
beforeEach(() => {
  host = document.createElement('div');
  const node = document.createElement('div');
  canvas = document.createElement('canvas');
  host.append(node);
  node.append(canvas);
  document.body.replaceChildren(host);
  [moves, nResets] = [[], 0];
  gestures(node, { isInside: () => true, ondrag: (dx, dy) => moves.push([dx, dy]), onzoom: () => undefined, onscroll: () => undefined, onreset: () => nResets++ });
});
const mouse = (type: string, x: number, buttons: number): boolean => canvas.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true, clientX: x, buttons }));

test('a drag ends when its button is up, wherever that happened', () => {
  mouse('mousedown', 10, 1);
  mouse('mousemove', 15, 1);
  mouse('mousemove', 40, 0);
  mouse('mousemove', 60, 1);
  expect(moves).toEqual([[5, 0]]);
});

test.each([[true, 0], [false, 1]])('a double click resets the view, unless it was on a drawing: %s', (isOnDrawing, n) => {
  drawn(host, { down: () => isOnDrawing, up: () => isOnDrawing, move: () => false, isBusy: false } as unknown as Hand, () => undefined);
  for (const type of ['pointerdown', 'pointerup', 'pointerdown', 'pointerup', 'dblclick']) mouse(type, 10, 0);
  expect(nResets).toBe(n);
});

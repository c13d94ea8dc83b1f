import { expect, test } from 'vitest';

import { isTyping, Keys, stepPane, takesSpace, type Pressed } from './keys.svelte';

function key(name: string, held: Partial<Pressed> = {}): Pressed {
  return { key: name, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...held };
}

function keys(): { map: Keys; went: string[] } {
  const went: string[] = [];
  const map = new Keys({
    go: (screen) => void went.push(screen),
    showMap: () => void went.push('map'),
    showPalette: () => void went.push('palette'),
    pane: (step) => void went.push(`pane ${step}`),
    filter: () => void went.push('filter'),
    ticket: () => void went.push('ticket'),
    scale: (step) => void went.push(`scale ${step}`),
  });
  return { map, went };
}

test('G and a letter change the screen, a late letter does not', () => {
  const { map, went } = keys();
  map.press(key('g'), false, 0);
  map.press(key('R'), false, 100);
  map.press(key('g'), false, 1000);
  map.press(key('a'), false, 9000);
  expect(went).toEqual(['risk']);
});

test('letters typed into a field are left alone, F6 and Ctrl K are not', () => {
  const { map, went } = keys();
  const taken = [key('g'), key('?'), key('t'), key('F6'), key('k', { ctrlKey: true })].map((pressed, i) => map.press(pressed, true, i));
  expect(taken).toEqual([false, false, false, true, true]);
  expect(went).toEqual(['pane 1', 'palette']);
});

test.each([
  [key('?'), 'map'],
  [key('/'), 'filter'],
  [key('T'), 'ticket'],
  [key('F6', { shiftKey: true }), 'pane -1'],
  [key('+', { ctrlKey: true }), 'scale 1'],
  [key('-', { ctrlKey: true }), 'scale -1'],
  [key('0', { ctrlKey: true }), 'scale 0'],
])('%o asks for %s', (pressed, wanted) => {
  const { map, went } = keys();
  expect(map.press(pressed, false, 0)).toBe(true);
  expect(went).toEqual([wanted]);
});

test.each([key('k'), key('k', { ctrlKey: true, shiftKey: true }), key('t', { ctrlKey: true }), key('t', { altKey: true }), key('x')])('%o is left to others', (pressed) => {
  const { map, went } = keys();
  expect(map.press(pressed, false, 0)).toBe(false);
  expect(went).toEqual([]);
});

test('F6 goes around the panes, both ways', () => {
  document.body.innerHTML = '<div data-pane tabindex="-1" id="a"></div><div data-pane tabindex="-1" id="b"><button id="in">b</button></div>';
  const at = (): string | undefined => document.activeElement?.id;
  stepPane(document, -1);
  expect(at()).toBe('b');
  stepPane(document, 1);
  expect(at()).toBe('a');
  document.getElementById('in')?.focus();
  stepPane(document, -1);
  expect(at()).toBe('a');
});

test('the space bar belongs to what it presses, not to a slider or a pane', () => {
  const made = (tag: string, of: object = {}): HTMLElement => Object.assign(document.createElement(tag), of);
  const takes = [made('button'), made('input', { type: 'checkbox' }), made('input'), made('select'), made('summary'), made('a', { href: '#' }), made('li', { role: 'menuitemradio' })];
  expect(takes.map(takesSpace)).toEqual(takes.map(() => true));
  expect([made('input', { type: 'range' }), made('section'), made('tr'), null].map(takesSpace)).toEqual([false, false, false, false]);
});

test('a switch does not take letters, a field does', () => {
  const box = Object.assign(document.createElement('input'), { type: 'checkbox' });
  expect([box, document.createElement('input'), document.createElement('select'), document.createElement('button')].map(isTyping)).toEqual([false, true, true, false]);
});

import { expect, test } from 'vitest';

import { Appearance, type AppearancePlace } from './appearance.svelte';

function place(kept: string | null = null, matching = ''): AppearancePlace & { saved: string[]; zooms: number[] } {
  const saved: string[] = [];
  const zooms: number[] = [];
  return {
    saved, zooms,
    root: document.createElement('html'),
    storage: { getItem: () => kept, setItem: (_, value) => void saved.push(value) },
    prefers: (query) => ({ matches: query.includes(matching) && matching !== '', addEventListener: () => undefined }),
    zoom: (factor) => void zooms.push(factor),
  };
}

test.each([
  ['', 'dark'],
  ['color-scheme: light', 'light'],
  ['contrast: more', 'hc'],
])('a first window follows the system: %s is %s', (matching, wanted) => {
  const at = place(null, matching);
  new Appearance(at);
  expect(at.root.dataset['theme']).toBe(wanted);
});

test('what a person chose is kept and comes back', () => {
  const at = place();
  const looks = new Appearance(at);
  looks.setTheme('light');
  looks.setPalette('cvd');
  looks.stepScale(1);
  expect(at.root.dataset).toMatchObject({ theme: 'light', palette: 'cvd' });
  const again = place(at.saved.at(-1) ?? null);
  expect(new Appearance(again).scale).toBe(110);
  expect([again.root.dataset['theme'], again.root.dataset['palette'], again.zooms]).toEqual(['light', 'cvd', [1.1]]);
});

test('what was kept and makes no sense is left out', () => {
  for (const kept of ['no json', 'null', '{"theme":"pink","scale":7,"palette":3}']) {
    const at = place(kept);
    expect(new Appearance(at).scale).toBe(100);
    expect([at.root.dataset['theme'], at.root.dataset['palette'], at.zooms]).toEqual(['dark', undefined, []]);
  }
});

test('the size of text stays between 80 and 200 percent', () => {
  const looks = new Appearance(place());
  for (let i = 0; i < 9; i++) looks.stepScale(1);
  expect(looks.scale).toBe(200);
  for (let i = 0; i < 9; i++) looks.stepScale(-1);
  expect(looks.scale).toBe(80);
});

test('relaxed rows are kept and shown, compact ones need no sign', () => {
  const at = place();
  const looks = new Appearance(at);
  looks.setDensity('relaxed');
  expect([at.root.dataset['density'], new Appearance(place(at.saved.at(-1))).density]).toEqual(['relaxed', 'relaxed']);
  looks.setDensity('compact');
  expect(at.root.dataset['density']).toBeUndefined();
});

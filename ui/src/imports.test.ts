import { expect, test } from 'vitest';

// No lint rule for cycles installs from the lock file on every platform, so this test follows the imports itself.
const sources = import.meta.glob<string>(['./**/*.ts', './**/*.svelte', '!./**/*.test.ts'], { query: '?raw', import: 'default', eager: true });

function resolve(from: string, wanted: string): string | null {
  const path = new URL(wanted, `file:///${from.slice(2)}`).pathname.slice(1);
  return [path, `${path}.ts`, `${path}/index.ts`].map((p) => `./${p}`).find((p) => p in sources) ?? null;
}

function importsOf(file: string): string[] {
  const found = (sources[file] ?? '').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']*)'/g);
  return [...found].flatMap(([, wanted]) => resolve(file, wanted ?? '') ?? []);
}

function cycle(file: string, above: string[], done: Set<string>): string[] | null {
  if (above.includes(file)) return [...above.slice(above.indexOf(file)), file];
  if (done.has(file)) return null;
  for (const next of importsOf(file)) {
    const found = cycle(next, [...above, file], done);
    if (found) return found;
  }
  done.add(file);
  return null;
}

test('no module imports itself, by whatever way', () => {
  const done = new Set<string>();
  expect(Object.keys(sources).map((file) => cycle(file, [], done)).filter((found) => found !== null)).toEqual([]);
  expect(done.size).toBeGreaterThan(50);
  expect(importsOf('./App.svelte')).toContain('./lib/desk.svelte.ts');
});

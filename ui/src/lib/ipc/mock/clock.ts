/** The sample day: 18 November 2026, about 14:26 in New York. */
export const OPEN_UTC = Date.UTC(2026, 10, 18, 14, 30, 0);
export const NOW_UTC = Date.UTC(2026, 10, 18, 19, 26, 8, 118);

/** Returns the instant of a New York wall time such as `13:42:06.318` on the sample day. */
export function at(newYork: string): string {
  const [h = '0', m = '0', s = '0'] = newYork.split(':');
  const [seconds = '0', ms = '0'] = s.split('.');
  return new Date(Date.UTC(2026, 10, 18, Number(h) + 5, Number(m), Number(seconds), Number(ms))).toISOString();
}

/** A small seeded generator, so that every run draws the same pictures. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

export function hashOf(seq: number): string {
  const next = seeded(seq * 7919 + 17);
  return Array.from({ length: 8 }, () =>
    Math.floor(next() * 4294967296)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
}

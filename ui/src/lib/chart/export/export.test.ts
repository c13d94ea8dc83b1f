import { expect, test } from 'vitest';

import { plot } from './plot';
import { SvgPen } from './svgpen';
import { priceTicks, timeTicks } from './ticks';

const pen = (): SvgPen => new SvgPen((text) => text.length * 6);
const parsed = (svg: string): Document => new DOMParser().parseFromString(svg, 'image/svg+xml');

test('round prices are labelled, on a straight and on a logarithmic scale', () => {
  const straight = priceTicks(440, (y) => 110 - y / 44, (price) => (110 - price) * 44);
  expect(straight.map(({ price }) => price)).toEqual([100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110]);
  expect(straight.at(-1)?.y).toBe(0);
  const log = priceTicks(200, (y) => 1000 * Math.exp(-y / 100), (price) => -100 * Math.log(price / 1000));
  expect(log.map(({ price }) => price)).toEqual([200, 400, 600, 800, 1000]);
  expect(priceTicks(100, () => null, () => null)).toEqual([]);
});

test('times are labelled apart from each other, a new day with its date', () => {
  const open = Date.UTC(2026, 10, 17, 14, 30) / 1000;
  const times = [0, 1].flatMap((day) => Array.from({ length: 78 }, (_, i) => open + day * 86_400 + i * 300));
  const ticks = timeTicks(times, (i) => i * 5, 780, '5m');
  expect(ticks.every(({ x }, i) => i === 0 || x - (ticks[i - 1]?.x ?? 0) >= 36)).toBe(true);
  expect(ticks.map(({ text }) => text)).toContain('18 Nov');
  expect(timeTicks([], () => null, 100, '5m')).toEqual([]);
});

test('days are labelled with the dates that they bear, and a new year with its number', () => {
  const days = Array.from({ length: 40 }, (_, i) => Date.UTC(2026, 10, 30 + i) / 1000);
  const ticks = timeTicks(days, (i) => i * 40, 1600, '1d').map(({ x, text }) => `${x / 40} ${text}`);
  expect([ticks[0], ticks[1], ticks.find((one) => one.endsWith('2027'))]).toEqual(['3 3 Dec', '10 10 Dec', '38 2027']);
});

test('words are escaped, wide as measured and where the canvas puts them', () => {
  const drawn = pen();
  drawn.font = '600 13px Inter';
  drawn.textAlign = 'right';
  drawn.textBaseline = 'middle';
  drawn.translate(10, 20);
  drawn.fillText('<a & "b">', 5, 6);
  const text = parsed(drawn.picture(100, 50, 'x < y')).querySelector('text');
  expect(text?.textContent).toBe('<a & "b">');
  expect(['x', 'y', 'font-weight', 'text-anchor', 'textLength'].map((name) => text?.getAttribute(name))).toEqual(['15', '30.55', '600', 'end', '54']);
});

test('what is drawn inside of a box is cut off there and leaves the pen as it was', () => {
  const drawn = pen();
  drawn.strokeStyle = '#111';
  drawn.within(10, 10, 50, 50, () => {
    drawn.strokeStyle = '#222';
    drawn.setLineDash([4, 4]);
    drawn.beginPath();
    drawn.moveTo(0, 0);
    drawn.lineTo(90, 0);
    drawn.stroke();
  });
  drawn.strokeRect(0, 0, 1, 1);
  const picture = parsed(drawn.picture(100, 100, 'x'));
  const path = picture.querySelector('g[clip-path] path');
  expect([path?.getAttribute('d'), path?.getAttribute('stroke-dasharray')]).toEqual(['M10 10L100 10', '4 4']);
  expect(picture.querySelector('svg > rect')?.getAttribute('stroke')).toBe('#111');
});

/** Values at the columns of the line; as the library, it drops those without one and ends the line before them. */
const LINE: (object | null)[] = [{ time: 0, value: 1 }, { time: 60, value: 2, color: 'transparent' }, null, { time: 180, value: 3 }];

/** A chart of five bars on a scale of this mode, with this line below, plotted. */
function plotted(mode = 0, values = LINE): Document {
  const bars = Array.from({ length: 5 }, (_, i) => ({ time: i * 60, open: 10 + i, high: 12 + i, low: 9 + i, close: i === 2 ? 9 : 11 + i }));
  const yOf = (price: number): number => 100 - price;
  const series = (type: string, data: unknown[], options: object = {}): object => ({
    data: () => data.filter((one) => one !== null), dataByIndex: (i: number) => data[i] ?? null, priceScale: () => ({ options: () => ({ mode }) }), seriesType: () => type, options: () => options, seriesOrder: () => 0, priceToCoordinate: yOf, coordinateToPrice: (y: number) => 100 - y,
    priceFormatter: () => ({ format: (price: number) => price.toFixed(2) }), priceLines: () => [{ options: () => ({ price: 50, axisLabelVisible: true, axisLabelColor: '#0f0', axisLabelTextColor: '#000', color: '#0f0' }) }],
  });
  const main = series('Candlestick', bars, { upColor: '#fff', downColor: '#f00', borderUpColor: '#0a0', borderDownColor: '#f00' });
  const line = series('Line', values, { color: '#00f', lineWidth: 2, lineStyle: 2 });
  const scale = { width: () => 100, height: () => 20, getVisibleLogicalRange: () => ({ from: 0, to: 5 }), logicalToCoordinate: (i: number) => i * 20, timeToCoordinate: (at: number) => at / 3, options: () => ({ barSpacing: 20 }) };
  const chart = { timeScale: () => scale, panes: () => [{ getHeight: () => 100, getSeries: () => [main] }, { getHeight: () => 40, getSeries: () => [line] }] };
  const primitive = { paneViews: () => [{ zOrder: () => 'top', renderer: () => ({ draw: (target: { useMediaCoordinateSpace: (draw: (scope: { context: SvgPen }) => void) => void }) => target.useMediaCoordinateSpace(({ context }) => context.fillText('mark', 1, 1)) }) }] };
  const drawn = pen();
  plot(drawn, { chart, main, primitives: [primitive], bar: '1m' } as never, { pane: '#fff', grid: '#eee', axis: '#666', line: '#ccc', font: 'x' });
  return parsed(drawn.picture(160, 170, 'x'));
}

const words = (picture: Document): (string | null)[] => [...picture.querySelectorAll('text')].map((text) => text.textContent);

test('a chart is plotted with its panes, its series and what sits on it', () => {
  const picture = plotted();
  expect(picture.querySelectorAll('rect[fill="#fff"]').length).toBe(4);
  expect(picture.querySelectorAll('rect[fill="#f00"]').length).toBe(1);
  expect([...picture.querySelectorAll('path[stroke="#00f"]')].map((path) => path.getAttribute('d'))).toEqual(['M0 200L20 199M60 198']);
  expect(words(picture)).toContain('mark');
  expect(words(picture)).toContain('50.00');
  // Dashed, as on the screen.
  expect(picture.querySelector('path[stroke="#00f"]')?.getAttribute('stroke-dasharray')).toBe('4 4');
});

test('a line that begins late is drawn where it is', () => {
  const values = [...Array.from({ length: 40 }, () => null), { time: 2400, value: 9 }, { time: 2460, value: 8 }];
  const late = [null, null, null, { time: 180, value: 3 }, { time: 240, value: 4 }];
  const path = (of: (object | null)[]): string | null | undefined => plotted(0, of).querySelector('path[stroke="#00f"]')?.getAttribute('d');
  expect([path(late), path(values)]).toEqual(['M60 198L80 197', '']);
});

test('an axis in percent is written in percent of the first bar in sight', () => {
  const said = words(plotted(2));
  // The first bar closes at 11; the line is at 50, and the last close at 15.
  expect(said).toContain('354.55 %');
  expect(said).toContain('36.36 %');
  expect(said).toContain('500.00 %');
  expect(said).not.toContain('50.00');
});

/** A chart as a picture that is saved: what is seen, with what it is, of when, and whose charts these are. */
import { FRAMES, type ChartView } from '../view.svelte';
import { token, font } from '../colours';
import { plot, type PlotColours } from './plot';
import { SvgPen, type FullPen } from './svgpen';
import { dayAt, isOfDays, writtenAt } from '../written';

export const FORMATS = [['png', 'PNG', 'As it is on the screen, in its pixels.'], ['svg', 'SVG', 'Lines and words, sharp at every size.']] as const;
export type Format = (typeof FORMATS)[number][0];

const HEAD = 52;
const FOOT = 22;
const BY = 'Charts by TradingView Lightweight Charts™, © 2025 TradingView, Inc. https://www.tradingview.com/';

interface Words {
  title: string;
  range: string;
  /** The legend as it is seen, each with its colour. */
  legend: { text: string; colour: string }[];
}

/** Returns what a file is named after: `SPY-5m-2026-11-18`. */
export function nameOf(view: ChartView): string {
  const at = view.columns?.time[view.lastSeen];
  return [view.symbol ?? 'chart', view.frame, at === undefined ? '' : dayAt(at, view.frame)].filter((part) => part !== '').join('-');
}

/** Returns the picture: the text of an SVG, or the bytes of a PNG in base 64. Null while nothing is drawn. */
export function pictureOf(view: ChartView, node: HTMLElement, format: Format): string | null {
  const { chart } = view;
  if (!chart) return null;
  const words = wordsOf(view, node);
  const of = (name: string): string => token(node, name);
  const colours: PlotColours = { pane: of('--bg-pane'), grid: of('--chart-grid'), axis: of('--chart-axis'), line: of('--line'), font: font(node) };
  const [width, height] = [node.clientWidth, node.clientHeight];
  if (format === 'svg') {
    const ruler = document.createElement('canvas').getContext('2d');
    const pen = new SvgPen((text, written) => {
      if (ruler) ruler.font = written;
      return ruler?.measureText(text).width ?? text.length * 6;
    });
    pen.fillStyle = colours.pane;
    pen.fillRect(0, 0, width, height + HEAD + FOOT);
    frame(pen, words, width, height, colours, of('--text-1'));
    pen.translate(0, HEAD);
    plot(pen, { ...chart.parts(), bar: view.frame }, colours);
    return pen.picture(width, height + HEAD + FOOT, `${words.title}, ${words.range}`);
  }
  const shot = chart.screenshot();
  const ratio = shot.width / Math.max(1, width);
  const canvas = document.createElement('canvas');
  canvas.width = shot.width;
  canvas.height = Math.round(shot.height + (HEAD + FOOT) * ratio);
  const pen = canvas.getContext('2d');
  if (!pen) return null;
  pen.fillStyle = colours.pane;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(shot, 0, Math.round(HEAD * ratio));
  pen.scale(ratio, ratio);
  frame(pen, words, width, height, colours, of('--text-1'));
  return canvas.toDataURL('image/png').split(',')[1] ?? null;
}

function wordsOf(view: ChartView, node: HTMLElement): Words {
  const { columns } = view;
  const range = view.window.range;
  const first = columns && range ? Math.max(0, Math.min(view.lastSeen, Math.floor((range.from - columns.first) / columns.barsPerColumn))) : -1;
  const at = (column: number): string => {
    const instant = columns?.time[column];
    return instant === undefined ? '' : writtenAt(instant, view.frame);
  };
  const legend = [...(node.parentElement?.querySelectorAll<HTMLElement>('[data-testid=chart-legend] > div') ?? [])].map((part) => ({ text: [...part.children].map((child) => child.textContent?.trim() ?? '').join(' ') || (part.textContent ?? ''), colour: getComputedStyle(part).color }));
  const bars = FRAMES.find(([id]) => id === view.frame)?.[2] ?? view.frame;
  return { title: `${view.symbol ?? ''}, ${bars} bars${view.past ? ', replay' : ''}`, range: range ? `${at(first)} to ${at(view.lastSeen)}${isOfDays(view.frame) ? '' : ', New York'}` : '', legend };
}

/** The words above and below. */
function frame(pen: FullPen, words: Words, width: number, height: number, colours: PlotColours, ink: string): void {
  pen.save();
  pen.textAlign = 'left';
  pen.textBaseline = 'middle';
  pen.fillStyle = ink;
  pen.font = `600 13px ${colours.font}`;
  pen.fillText(words.title, 12, 16);
  const after = 12 + pen.measureText(words.title).width + 14;
  pen.font = `11px ${colours.font}`;
  pen.fillStyle = colours.axis;
  pen.fillText(words.range, after, 16);
  let x = 12;
  for (const { text, colour } of words.legend) {
    pen.fillStyle = colour;
    pen.fillText(text, x, 38);
    x += pen.measureText(text).width + 14;
  }
  pen.fillStyle = colours.axis;
  pen.fillText(BY, 12, HEAD + height + FOOT / 2);
  const name = 'Gatehouse';
  pen.fillText(name, width - 12 - pen.measureText(name).width, HEAD + height + FOOT / 2);
  pen.restore();
}

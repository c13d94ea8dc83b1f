/** A pen with the strokes of a canvas that writes a picture of vectors. Knows what our drawings use, and no more. */
import type { Pen } from '../draw/paint';

/** What a canvas has beyond the pen of drawings, as far as marks, lines and sessions use it. */
export type FullPen = Pen & Pick<CanvasRenderingContext2D, 'closePath' | 'translate' | 'roundRect'>;

interface Style {
  strokeStyle: string;
  fillStyle: string;
  lineWidth: number;
  font: string;
  textAlign: CanvasTextAlign;
  textBaseline: CanvasTextBaseline;
  globalAlpha: number;
  dash: readonly number[];
  x: number;
  y: number;
}

const PLAIN: Style = { strokeStyle: '#000', fillStyle: '#000', lineWidth: 1, font: '11px sans-serif', textAlign: 'start', textBaseline: 'alphabetic', globalAlpha: 1, dash: [], x: 0, y: 0 };
const ANCHORS: Partial<Record<CanvasTextAlign, string>> = { center: 'middle', right: 'end', end: 'end' };

export function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

const n = (value: number): string => String(Math.round(value * 100) / 100);

export class SvgPen implements FullPen {
  readonly #parts: string[] = [];
  #style: Style = { ...PLAIN };
  readonly #saved: Style[] = [];
  #path = '';

  /** `measure`: the width of a text in a font. */
  constructor(private readonly measure: (text: string, font: string) => number) {}

  get strokeStyle(): string { return this.#style.strokeStyle; }
  set strokeStyle(value: string) { this.#style.strokeStyle = value; }
  get fillStyle(): string { return this.#style.fillStyle; }
  set fillStyle(value: string) { this.#style.fillStyle = value; }
  get lineWidth(): number { return this.#style.lineWidth; }
  set lineWidth(value: number) { this.#style.lineWidth = value; }
  get font(): string { return this.#style.font; }
  set font(value: string) { this.#style.font = value; }
  get textAlign(): CanvasTextAlign { return this.#style.textAlign; }
  set textAlign(value: CanvasTextAlign) { this.#style.textAlign = value; }
  get textBaseline(): CanvasTextBaseline { return this.#style.textBaseline; }
  set textBaseline(value: CanvasTextBaseline) { this.#style.textBaseline = value; }
  get globalAlpha(): number { return this.#style.globalAlpha; }
  set globalAlpha(value: number) { this.#style.globalAlpha = value; }

  save(): void {
    this.#saved.push({ ...this.#style });
  }
  restore(): void {
    this.#style = this.#saved.pop() ?? this.#style;
  }
  translate(x: number, y: number): void {
    this.#style.x += x;
    this.#style.y += y;
  }
  setLineDash(dash: number[]): void {
    this.#style.dash = [...dash];
  }

  beginPath(): void {
    this.#path = '';
  }
  moveTo(x: number, y: number): void {
    this.#path += `M${this.#at(x, y)}`;
  }
  lineTo(x: number, y: number): void {
    this.#path += `${this.#path === '' ? 'M' : 'L'}${this.#at(x, y)}`;
  }
  closePath(): void {
    this.#path += 'Z';
  }
  /** Circles alone: no drawing has less of one. */
  arc(x: number, y: number, radius: number): void {
    const r = n(radius);
    this.#path += `M${this.#at(x + radius, y)}A${r} ${r} 0 1 1 ${this.#at(x - radius, y)}A${r} ${r} 0 1 1 ${this.#at(x + radius, y)}Z`;
  }
  roundRect(x: number, y: number, width: number, height: number, radius?: number | DOMPointInit | Iterable<number | DOMPointInit>): void {
    const r = Math.min(typeof radius === 'number' ? radius : 0, width / 2, height / 2);
    const corner = (toX: number, toY: number): string => `A${n(r)} ${n(r)} 0 0 1 ${this.#at(toX, toY)}`;
    this.#path += `M${this.#at(x + r, y)}L${this.#at(x + width - r, y)}${corner(x + width, y + r)}L${this.#at(x + width, y + height - r)}${corner(x + width - r, y + height)}L${this.#at(x + r, y + height)}${corner(x, y + height - r)}L${this.#at(x, y + r)}${corner(x + r, y)}Z`;
  }

  stroke(): void {
    this.#add(`<path d="${this.#path}" fill="none"${this.#stroked()}/>`);
  }
  fill(): void {
    this.#add(`<path d="${this.#path}"${this.#filled()}/>`);
  }
  fillRect(x: number, y: number, width: number, height: number): void {
    this.#add(`<rect ${this.#box(x, y, width, height)}${this.#filled()}/>`);
  }
  strokeRect(x: number, y: number, width: number, height: number): void {
    this.#add(`<rect ${this.#box(x, y, width, height)} fill="none"${this.#stroked()}/>`);
  }
  /** As wide as it was measured: who looks at the picture may have other fonts. */
  fillText(text: string, x: number, y: number): void {
    const { font, textAlign, textBaseline } = this.#style;
    const [, weight, size = '11', family = 'sans-serif'] = /^(?:(\w+) )?([\d.]+)px (.*)$/.exec(font) ?? [];
    const baseline = textBaseline === 'middle' ? Number(size) * 0.35 : textBaseline === 'top' ? Number(size) * 0.8 : 0;
    const anchor = ANCHORS[textAlign];
    this.#add(`<text x="${n(x + this.#style.x)}" y="${n(y + this.#style.y + baseline)}" font-family="${escaped(family)}" font-size="${size}"${weight ? ` font-weight="${weight}"` : ''}${anchor ? ` text-anchor="${anchor}"` : ''} textLength="${n(this.measure(text, font))}" lengthAdjust="spacingAndGlyphs"${this.#filled()}>${escaped(text)}</text>`);
  }
  measureText(text: string): TextMetrics {
    return { width: this.measure(text, this.#style.font) } as TextMetrics;
  }

  /** Draws what `draw` draws inside of a box only, from its corner. */
  within(x: number, y: number, width: number, height: number, draw: () => void): void {
    const id = `c${this.#parts.length}`;
    this.#add(`<clipPath id="${id}"><rect ${this.#box(x, y, width, height)}/></clipPath><g clip-path="url(#${id})">`);
    this.save();
    this.translate(x, y);
    draw();
    this.restore();
    this.#add('</g>');
  }

  picture(width: number, height: number, title: string): string {
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${n(width)}" height="${n(height)}" viewBox="0 0 ${n(width)} ${n(height)}" role="img"><title>${escaped(title)}</title>${this.#parts.join('\n')}</svg>`;
  }

  #add(part: string): void {
    this.#parts.push(part);
  }
  #at(x: number, y: number): string {
    return `${n(x + this.#style.x)} ${n(y + this.#style.y)}`;
  }
  #box(x: number, y: number, width: number, height: number): string {
    return `x="${n(x + this.#style.x)}" y="${n(y + this.#style.y)}" width="${n(Math.max(0, width))}" height="${n(Math.max(0, height))}"`;
  }
  #filled(): string {
    return ` fill="${escaped(this.#style.fillStyle)}"${this.#style.globalAlpha < 1 ? ` fill-opacity="${n(this.#style.globalAlpha)}"` : ''}`;
  }
  #stroked(): string {
    const { strokeStyle, lineWidth, dash } = this.#style;
    return ` stroke="${escaped(strokeStyle)}" stroke-width="${n(lineWidth)}"${dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : ''}`;
  }
}

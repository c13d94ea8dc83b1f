/** Draws working orders as lines at their price, each with its words. */
import type { IPrimitivePaneRenderer, IPrimitivePaneView, ISeriesApi, ISeriesPrimitive, SeriesAttachedParameter, SeriesType, Time } from 'lightweight-charts';

import { pixels } from '../format';

/** A working order as a line at its price. */
export interface OrderLine {
  orderId: number;
  price: string;
  side: string;
  isStop: boolean;
  label: string;
}

export interface LineColours {
  buy: string;
  sell: string;
  stop: string;
  pane: string;
  font: string;
}

export interface LinePlace {
  orderId: number;
  y: number;
}

/** Labels closer than this stand side by side. */
const APART = 20;
const HEIGHT = 18;
const LEFT = 0.22;

type Canvas = Parameters<IPrimitivePaneRenderer['draw']>[0];

export function colourOf(line: OrderLine, colours: LineColours): string {
  if (line.isStop) return colours.stop;
  return /^b/i.test(line.side) ? colours.buy : colours.sell;
}

export class OrderLines implements ISeriesPrimitive<Time> {
  #series: ISeriesApi<SeriesType> | null = null;
  #lines: readonly OrderLine[] = [];
  #requestUpdate: (() => void) | null = null;
  readonly #view: IPrimitivePaneView = { zOrder: () => 'normal', renderer: () => ({ draw: (target) => this.#draw(target) }) };

  constructor(
    private colours: LineColours,
    private readonly onplaced: (places: readonly LinePlace[]) => void,
  ) {}

  attached(param: SeriesAttachedParameter<Time>): void {
    this.#series = param.series;
    this.#requestUpdate = param.requestUpdate;
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return [this.#view];
  }

  set(lines: readonly OrderLine[]): void {
    this.#lines = lines;
    this.#requestUpdate?.();
  }

  paint(colours: LineColours): void {
    this.colours = colours;
    this.#requestUpdate?.();
  }

  #draw(target: Canvas): void {
    target.useMediaCoordinateSpace(({ context, mediaSize }) => {
      const placed = this.#lines
        .flatMap((line) => {
          const price = pixels(line.price);
          const y = price === null ? null : (this.#series?.priceToCoordinate(price) ?? null);
          return y === null ? [] : [{ line, y: Number(y) }];
        })
        .sort((a, b) => a.y - b.y);
      let left = mediaSize.width * LEFT;
      placed.forEach(({ line, y }, i) => {
        const before = placed[i - 1];
        left = before && y - before.y < APART ? left + labelWidth(context, before.line, this.colours) + 8 : mediaSize.width * LEFT;
        drawLine(context, line, y, left, mediaSize.width, this.colours);
      });
      this.onplaced(placed.map(({ line, y }) => ({ orderId: line.orderId, y })));
    });
  }
}

function labelWidth(context: CanvasRenderingContext2D, line: OrderLine, colours: LineColours): number {
  context.font = `11px ${colours.font}`;
  return context.measureText(line.label).width + 16;
}

function drawLine(context: CanvasRenderingContext2D, line: OrderLine, y: number, left: number, width: number, colours: LineColours): void {
  const colour = colourOf(line, colours);
  const labelled = labelWidth(context, line, colours);
  context.save();
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(0, Math.round(y) + 0.5);
  context.lineTo(width, Math.round(y) + 0.5);
  context.stroke();
  context.fillStyle = colours.pane;
  context.beginPath();
  context.roundRect(left, Math.round(y) - HEIGHT / 2 + 0.5, labelled, HEIGHT, 3);
  context.fill();
  context.stroke();
  context.fillStyle = colour;
  context.textBaseline = 'middle';
  context.fillText(line.label, left + 8, y + 0.5);
  context.restore();
}

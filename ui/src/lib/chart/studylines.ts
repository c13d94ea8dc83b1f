/** The lines of studies and of other symbols on a chart. */
import { HistogramSeries, LineSeries, LineStyle, type IChartApi, type ISeriesApi, type UTCTimestamp } from 'lightweight-charts';

import { Clouds, type Pair } from './clouds';
import { cloudColours, token } from './colours';
import type { Columns } from './columns';
import { digitsOf, isSame, kindOf, STUDY_COLOURS, type Study, type StudyColour } from './studies';

/** Another symbol beside this one. */
export interface Compared {
  symbol: string;
  colour: StudyColour;
  /** Its closes at the columns of the chart. */
  close: Float64Array;
}

interface Line {
  series: ISeriesApi<'Line'> | ISeriesApi<'Histogram'>;
  /** Whether it begins anew with each session. */
  isOfSession: boolean;
  /** Of what it is the line. */
  id: string;
  colour: () => string;
}

/** Seconds without a column after which another session begins. */
const PAUSE = 3600;
/** How much of the height a pane below takes, beside the 3 of the price. */
const PRICE_SHARE = 3;

export class StudyLines {
  /** What is filled between lines; it sits on the series of prices. */
  readonly clouds: Clouds;
  #lines: Line[] = [];
  /** What the series were made for. */
  #made = '';

  constructor(
    private readonly chart: IChartApi,
    private readonly node: HTMLElement,
  ) {
    this.clouds = new Clouds(cloudColours(node));
  }

  show(columns: Columns, studies: readonly Study[], compares: readonly Compared[]): void {
    const found = studies.flatMap((study, at) => {
      const i = columns.head.studies.findIndex((one) => isSame(one, study) || (one.kind === study.kind && study.params.length === 0));
      return i < 0 ? [] : [{ study, at, names: columns.head.studies[i]?.lines ?? [], values: columns.lines[i] ?? [] }];
    });
    const wanted = JSON.stringify([columns.head.digits, found.map(({ study, names }) => [study, names]), compares.map(({ symbol, colour }) => [symbol, colour])]);
    if (wanted !== this.#made) {
      this.#clear();
      this.#made = wanted;
      let pane = 0;
      for (const { study, at, names } of found) {
        const isBelow = kindOf(study.kind)?.isBelow ?? false;
        if (isBelow) pane++;
        for (const [line, name] of names.entries()) this.#lines.push(formatted(this.#make(`${at} ${name}`, study, name, line, isBelow ? pane : 0), digitsOf(study.kind, columns.head.digits)));
      }
      for (const { symbol, colour } of compares) this.#lines.push(this.#line(`compare ${symbol}`, () => token(this.node, `--${colour}`), LineStyle.Solid, 0, 2, symbol));
      this.chart.panes().forEach((one, i) => one.setStretchFactor(i === 0 ? PRICE_SHARE : 1));
    }
    const values = [...found.flatMap((one) => one.names.map((_, i) => one.values[i] ?? new Float64Array())), ...compares.map(({ close }) => close)];
    this.#lines.forEach((line, i) => this.#fill(line, columns, values[i] ?? new Float64Array()));
    this.clouds.set(found.flatMap(pairOf));
  }

  /** Other theme, other colours. */
  paint(): void {
    for (const { series, colour } of this.#lines) series.applyOptions({ color: colour() });
    this.clouds.paint(cloudColours(this.node));
  }

  /** Takes the values away, until others are shown. */
  empty(): void {
    for (const { series } of this.#lines) series.setData([]);
  }

  #clear(): void {
    for (const { series } of this.#lines) this.chart.removeSeries(series);
    this.#lines = [];
  }

  #make(id: string, study: Study, name: string, line: number, pane: number): Line {
    const own = (): string => token(this.node, `--${study.colour}`);
    const other = STUDY_COLOURS[(STUDY_COLOURS.indexOf(study.colour) + line) % STUDY_COLOURS.length] ?? study.colour;
    if (name === 'histogram') {
      const series = this.chart.addSeries(HistogramSeries, { color: token(this.node, '--bot-6'), priceLineVisible: false, lastValueVisible: false }, pane);
      return { series, id, isOfSession: false, colour: () => token(this.node, '--bot-6') };
    }
    if (name === 'up' || name === 'down') return this.#line(id, () => token(this.node, `--${name}`), LineStyle.Solid, pane);
    const isBand = ['upper', 'middle', 'lower'].includes(name);
    const style = name === 'middle' || name === 'lagging' ? LineStyle.Dotted : name.startsWith('span') ? LineStyle.Dashed : LineStyle.Solid;
    const isVwap = study.kind === 'vwap';
    return { ...this.#line(id, isBand ? own : () => token(this.node, `--${other}`), style, pane, isVwap || pane > 0 ? 2 : 1), isOfSession: isVwap };
  }

  #line(id: string, colour: () => string, lineStyle: LineStyle, pane: number, lineWidth: 1 | 2 = 1, title = ''): Line {
    const options = { color: colour(), lineStyle, lineWidth, title, priceLineVisible: false, lastValueVisible: title !== '', crosshairMarkerVisible: false };
    return { series: this.chart.addSeries(LineSeries, options, pane), id, isOfSession: false, colour };
  }

  #fill({ series, isOfSession }: Line, { time }: Columns, values: Float64Array): void {
    const isLine = series.seriesType() === 'Line';
    const pause = Math.max(PAUSE, 2 * ((time[1] ?? 0) - (time[0] ?? 0)));
    const isEnd = (i: number): boolean => Number.isNaN(values[i + 1] ?? Number.NaN) || (isOfSession && (time[i + 1] ?? 0) - (time[i] ?? 0) > pause);
    const data: { time: UTCTimestamp; value?: number; color?: string }[] = [];
    time.forEach((at, i) => {
      const value = values[i] ?? Number.NaN;
      if (Number.isNaN(value)) data.push({ time: at as UTCTimestamp });
      // The library draws on to the next value: before a gap it draws nothing that is seen.
      else if (isLine && i + 1 < time.length && isEnd(i)) data.push({ time: at as UTCTimestamp, value, color: 'transparent' });
      else data.push({ time: at as UTCTimestamp, value });
    });
    series.setData(data);
  }
}

/** Returns the two lines that a cloud lies between. */
function pairOf({ names, values }: { names: readonly string[]; values: readonly Float64Array[] }): Pair[] {
  const [one, other] = ['span-a', 'span-b'].map((name) => values[names.indexOf(name)]);
  return one && other ? [{ one, other }] : [];
}

/** The first series of a pane says how its axis is written. */
function formatted(line: Line, digits: number): Line {
  line.series.applyOptions({ priceFormat: { type: 'price', precision: digits, minMove: 10 ** -digits } });
  return line;
}

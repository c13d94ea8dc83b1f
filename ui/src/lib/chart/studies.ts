/** The studies that a chart can show, in the order of the menu. Their values come from the backend. */
import type { StudyWanted } from '../ipc';

export interface Param {
  name: string;
  least: number;
  most: number;
  usual: number;
  isWhole: boolean;
}

export interface StudyKind {
  kind: string;
  title: string;
  /** As the legend says it. */
  short: string;
  params: Param[];
  /** Below the candles, on an axis of its own. */
  isBelow: boolean;
}

/** A study on a chart. */
export interface Study {
  kind: string;
  params: number[];
  colour: StudyColour;
}

/** Tokens for lines; the token of a line is the same in every theme. */
export const STUDY_COLOURS = ['bot-3', 'bot-1', 'bot-2', 'bot-4', 'bot-5', 'bot-6'] as const;
export type StudyColour = (typeof STUDY_COLOURS)[number];
/** As people call them. */
export const COLOUR_WORDS: Record<StudyColour, string> = { 'bot-1': 'Blue', 'bot-2': 'Teal', 'bot-3': 'Sand', 'bot-4': 'Pink', 'bot-5': 'Olive', 'bot-6': 'Grey' };

const period = (name: string, least: number, usual: number): Param => ({ name, least, most: 5000, usual, isWhole: true });
const factor = (name: string, usual: number): Param => ({ name, least: 0.1, most: 10, usual, isWhole: false });
const over = (kind: string, short: string, title: string, ...params: Param[]): StudyKind => ({ kind, title, short, params, isBelow: false });
const below = (kind: string, short: string, title: string, ...params: Param[]): StudyKind => ({ kind, title, short, params, isBelow: true });

export const STUDIES: readonly StudyKind[] = [
  over('sma', 'SMA', 'Simple moving average', period('period', 1, 20)),
  over('ema', 'EMA', 'Exponential moving average', period('period', 1, 20)),
  over('vwap', 'VWAP', 'VWAP'),
  over('bollinger', 'Bollinger', 'Bollinger bands', period('period', 2, 20), factor('deviations', 2)),
  over('donchian', 'Donchian', 'Donchian channel', period('period', 1, 20)),
  over('ichimoku', 'Ichimoku', 'Ichimoku cloud', period('conversion', 1, 9), period('base', 1, 26), period('span', 1, 52), period('displacement', 1, 26)),
  over('supertrend', 'Supertrend', 'Supertrend', period('period', 1, 10), factor('factor', 3)),
  below('rsi', 'RSI', 'Relative strength index', period('period', 2, 14)),
  below('macd', 'MACD', 'MACD', period('fast', 1, 12), period('slow', 2, 26), period('signal', 1, 9)),
  below('stochastic', 'Stochastic', 'Stochastic', period('period', 1, 14), period('slowing', 1, 3), period('signal', 1, 3)),
  below('atr', 'ATR', 'Average true range', period('period', 1, 14)),
  below('obv', 'OBV', 'On-balance volume'),
];

/** More lines than this are no picture. */
export const STUDIES_MAX = 10;
/** Drawn in place of the candles, not beside them. */
export const HEIKIN_ASHI: StudyWanted = { kind: 'heikin-ashi', params: [] };

export function kindOf(name: string): StudyKind | undefined {
  return STUDIES.find(({ kind }) => kind === name);
}

/** Returns a study with its usual params, in a colour that no other has as long as there is one. */
export function usual(kind: string, others: readonly Study[]): Study {
  const used = new Set(others.map(({ colour }) => colour));
  const colour = STUDY_COLOURS.find((one) => !used.has(one)) ?? STUDY_COLOURS[others.length % STUDY_COLOURS.length] ?? 'bot-3';
  return { kind, params: (kindOf(kind)?.params ?? []).map((param) => param.usual), colour };
}

/** Returns `EMA 20`, `MACD 12, 26, 9`. */
export function nameOf({ kind, params }: StudyWanted): string {
  const short = kindOf(kind)?.short ?? kind;
  return params.length === 0 ? short : `${short} ${params.join(', ')}`;
}

/** Returns how many decimals the values of a study have, beside prices of so many. */
export function digitsOf(kind: string, ofPrices: number): number {
  if (kind === 'rsi' || kind === 'stochastic') return 2;
  if (kind === 'obv') return 0;
  // Differences of prices are small beside them.
  return kindOf(kind)?.isBelow ? ofPrices + 1 : ofPrices;
}

/** Returns what is wrong with a param, or null. */
export function wrong(param: Param, value: number): string | null {
  if (!Number.isFinite(value) || value < param.least || value > param.most) return `${param.name} is from ${param.least} to ${param.most}`;
  return param.isWhole && !Number.isInteger(value) ? `${param.name} is a whole number` : null;
}

/** Two studies are the same question to the backend. */
export function isSame(a: StudyWanted, b: StudyWanted): boolean {
  return a.kind === b.kind && a.params.length === b.params.length && a.params.every((value, i) => value === b.params[i]);
}

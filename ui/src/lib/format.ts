/**
 * How amounts and times look. The only place that writes numbers for people. Amounts are decimal
 * text from end to end; `pixels` is the one way to a number, and it is for drawing only.
 */
declare const decimal: unique symbol;

/** Decimal text that was checked; never added, compared or rounded here. */
export type Decimal = string & { readonly [decimal]: true };

const GRAMMAR = /^[+-]?\d+(\.\d+)?$/;
const THIN = '\u202f';
const MINUS = '\u2212';
const NOTHING = '\u2013';

/** Returns the text as a decimal, or null when it is none. */
export function toDecimal(text: string | null | undefined): Decimal | null {
  const trimmed = text?.trim().replace(MINUS, '-') ?? '';
  return GRAMMAR.test(trimmed) ? (trimmed as Decimal) : null;
}

/** Returns what a person typed as plain decimal text: spaces are groups, one comma is a point. */
export function typedDecimal(typed: string): Decimal | null {
  return toDecimal(typed.replace(/[\s\u202f\u00a0]/g, '').replace(/^([^,]*),([^,]*)$/, '$1.$2'));
}

export function isNegative(text: string | null): boolean {
  return /^-/.test(text ?? '') && /[1-9]/.test(text ?? '');
}

export function isZero(text: string | null): boolean {
  return text !== null && !/[1-9]/.test(text);
}

interface Style {
  /** Shows + on values above zero. */
  signed?: boolean;
  /** Pads with zeros to this many decimals; never cuts any. */
  decimals?: number;
}

/** Returns `104218.4` as `104 218.40`, with a real minus and thin spaces. */
export function amount(text: string | null | undefined, style: Style = {}): string {
  const value = toDecimal(text);
  if (value === null) return text ? text : NOTHING;
  const [whole = '0', fraction = ''] = value.replace(/^[+-]/, '').split('.');
  const grouped = whole.replace(/^0+(?=\d)/, '').replace(/\B(?=(\d{3})+$)/g, THIN);
  const padded = fraction.padEnd(style.decimals ?? 0, '0');
  const digits = padded ? `${grouped}.${padded}` : grouped;
  if (isZero(value)) return digits;
  if (isNegative(value)) return MINUS + digits;
  return style.signed ? `+${digits}` : digits;
}

/** Returns an amount of money with its sign. */
export function signed(text: string | null | undefined): string {
  return amount(text, { signed: true, decimals: 2 });
}

/** Returns a count with thin spaces. */
export function count(n: number): string {
  return amount(String(Math.trunc(n)));
}

/** Groups the digits of numbers of five and more digits inside a sentence, not of ids. */
export function sentence(text: string): string {
  return text
    .replace(/(?<![\w.])-(?=\d)/g, MINUS)
    .replace(/(?<![\w.:]|order |entry |port |id )\d{5,}(?![\w-])/g, (digits) => amount(digits));
}

export function percent(text: string | null): string {
  return text === null ? NOTHING : `${amount(text)}${THIN}%`;
}

/** Returns a number to draw with, or null. Never shown, never sent. */
export function pixels(text: string | null | undefined): number | null {
  const value = toDecimal(text);
  return value === null ? null : Number(value);
}

/** Returns what was reckoned for a picture, with this many decimals; never an amount to act on. */
export function drawn(text: string | null | undefined, decimals = 2): string {
  const value = pixels(text);
  return value === null ? NOTHING : amount(value.toFixed(decimals));
}

/** Returns a volume as `412 k` or `1.2 M`. */
export function volume(text: string | null | undefined): string {
  const value = pixels(text);
  if (value === null) return NOTHING;
  if (value < 10_000) return amount(value.toFixed(0));
  return value < 1_000_000 ? `${(value / 1000).toFixed(0)}${THIN}k` : `${(value / 1_000_000).toFixed(1)}${THIN}M`;
}

const SIZES: [name: string, bytes: number][] = [['TB', 1e12], ['GB', 1e9], ['MB', 1e6], ['kB', 1e3]];

/** Returns a size as `14.2 MB`. */
export function bytes(n: number): string {
  const [name, unit] = SIZES.find(([, least]) => n >= least) ?? ['B', 1];
  const value = n / unit;
  return `${amount(value < 100 && unit > 1 ? value.toFixed(1).replace(/\.0$/, '') : value.toFixed(0))}${THIN}${name}`;
}

/** Returns a size that was typed, such as `500 MB`, `20g` or `1.5 GB`, in bytes; null when it is none. */
export function typedBytes(typed: string): number | null {
  const [, digits = '', letter = ''] = /^\s*(\d{1,6}(?:[.,]\d{1,3})?)\s*([kmgt])b?\s*$/i.exec(typed) ?? [];
  const unit = SIZES.find(([name]) => name[0]?.toLowerCase() === letter.toLowerCase())?.[1];
  return digits === '' || unit === undefined ? null : Math.round(Number(digits.replace(',', '.')) * unit);
}

const newYork = clock('America/New_York');
const newYorkDate = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/New_York', day: 'numeric', month: 'short' });
const local = clock(undefined);

function clock(timeZone: string | undefined): Intl.DateTimeFormat {
  // en-GB, not the system's: the drawings fix the form, and WebKit may report the locale "C".
  return new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    ...(timeZone ? { timeZone } : {}),
  });
}

/** Returns `14:25:51` in New York. */
export function time(iso: string | null): string {
  return written(newYork, iso);
}

export function localTime(iso: string | null): string {
  return written(local, iso);
}

/** Returns `18 Nov` in New York. */
export function date(iso: string | null): string {
  return written(newYorkDate, iso);
}

/** Returns `14:25:51.204` in New York. */
export function timeMs(iso: string | null): string {
  const ms = /\.(\d{3})/.exec(iso ?? '')?.[1];
  return ms ? `${time(iso)}.${ms}` : time(iso);
}

function written(format: Intl.DateTimeFormat, iso: string | null): string {
  const at = iso === null ? Number.NaN : Date.parse(iso);
  return Number.isNaN(at) ? NOTHING : format.format(at);
}

/** Returns `now`, `4 s ago`, `3 min ago`. */
export function ago(ms: number | null): string {
  if (ms === null) return 'never';
  if (ms < 1500) return 'now';
  return `${duration(ms / 1000)} ago`;
}

/** Returns `38 s`, `4 min 12 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  const s = Math.floor(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return s % 60 ? `${Math.floor(s / 60)} min ${s % 60} s` : `${s / 60} min`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

/** Returns `0:41`. */
export function countdown(seconds: number): string {
  const s = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
}

export function shortHash(hash: string): string {
  return hash.length > 14 ? `${hash.slice(0, 8)}…${hash.slice(-4)}` : hash;
}

/** Returns a live account with its middle hidden. */
export function accountName(mode: string, account: string | null): string {
  if (!account) return 'No account';
  return mode === 'live' ? `${account.slice(0, 1)}•••${account.slice(-4)}` : account;
}

/** Returns a locale that charts may be given; WebKit says "C" under a bare environment. */
export function checkedLocale(wanted: string | undefined): string {
  try {
    return wanted && Intl.getCanonicalLocales(wanted)[0] ? wanted : 'en-US';
  } catch {
    return 'en-US';
  }
}

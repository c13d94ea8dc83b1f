import { expect, test } from 'vitest';

import { accountName, ago, amount, bytes, checkedLocale, countdown, percent, sentence, shortHash, signed, time, timeMs, toDecimal, typedBytes, typedDecimal } from './format';

test.each([
  ['104218.46', { decimals: 2 }, '104\u202f218.46'],
  ['104218.4', { decimals: 2 }, '104\u202f218.40'],
  ['-34', {}, '\u221234'],
  ['412.37', { signed: true }, '+412.37'],
  ['0.00', { signed: true }, '0.00'],
  ['-0', {}, '0'],
  ['0.000123456789012345678', {}, '0.000123456789012345678'],
  ['12345678901234567890', {}, '12\u202f345\u202f678\u202f901\u202f234\u202f567\u202f890'],
  [null, {}, '–'],
  ['n/a', {}, 'n/a'],
])('amount of %s with %o is %s', (text, style, wanted) => {
  expect(amount(text, style)).toBe(wanted);
});

test('a signed value always shows its sign and two decimals', () => {
  expect([signed('34.5'), signed('-212.4'), signed(null)]).toEqual(['+34.50', '\u2212212.40', '–']);
});

test.each([
  ['8000', '8000'],
  ['8 000', '8000'],
  ['8\u202f000.5', '8000.5'],
  ['0,5', '0.5'],
  ['\u22125', '-5'],
  ['', null],
  ['1e9', null],
  ['1.2.3', null],
  ['ten', null],
])('what a person types as %s is read as %s', (typed, wanted) => {
  expect(typedDecimal(typed)).toBe(wanted);
});

test('exponents and words are no decimals', () => {
  expect([toDecimal('1e5'), toDecimal('Infinity'), toDecimal('.5')]).toEqual([null, null, null]);
});

test('a sentence groups large numbers and leaves ids alone', () => {
  expect(sentence('Buy 15 SPY would make 23234 USD, order 119012, -34')).toBe('Buy 15 SPY would make 23\u202f234 USD, order 119012, \u221234');
  expect(sentence('Connected from 127.0.0.1:40952')).toBe('Connected from 127.0.0.1:40952');
});

test('times are New York times with seconds', () => {
  expect(time('2026-11-18T19:26:08.118Z')).toBe('14:26:08');
  expect(timeMs('2026-11-18T19:26:08.118Z')).toBe('14:26:08.118');
  expect(time('2026-07-06T13:30:00Z')).toBe('09:30:00');
  expect(time(null)).toBe('–');
});

test('ages and countdowns are short', () => {
  expect([ago(null), ago(400), ago(4200), ago(252_000), countdown(41), countdown(-3)]).toEqual(['never', 'now', '4 s ago', '4 min 12 s ago', '0:41', '0:00']);
});

test('a live account hides its middle', () => {
  expect([accountName('live', 'U1234567'), accountName('paper', 'DU1234567'), accountName('sim', null)]).toEqual(['U•••4567', 'DU1234567', 'No account']);
});

test('a locale that the browser does not know becomes English', () => {
  expect([checkedLocale('C'), checkedLocale(undefined), checkedLocale('de-DE')]).toEqual(['en-US', 'en-US', 'de-DE']);
});

test('hashes and percents are shortened, not rounded', () => {
  expect(shortHash('7f3ac1d9aaaaaaaaaaaa5be0')).toBe('7f3ac1d9…5be0');
  expect(percent('3.40')).toBe('3.40\u202f%');
});

test('sizes are read as they are typed and written as people read them', () => {
  expect([0, 999, 1000, 49_152, 99_949, 6_815_744, 2e9, 20_500_000_000, 3e12].map(bytes)).toEqual(['0\u202fB', '999\u202fB', '1\u202fkB', '49.2\u202fkB', '99.9\u202fkB', '6.8\u202fMB', '2\u202fGB', '20.5\u202fGB', '3\u202fTB']);
  const typed: [string, number | null][] = [['500 MB', 5e8], ['20g', 2e10], ['1.5 GB', 1.5e9], ['1,5GB', 1.5e9], ['2\u202fGB', 2e9], ['', null], ['20', null], ['much', null], ['-1 GB', null], ['1 PB', null]];
  for (const [text, value] of typed) expect([text, typedBytes(text)]).toEqual([text, value]);
});

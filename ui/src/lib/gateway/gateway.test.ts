import { describe, expect, test } from 'vitest';

import type { Backend, Reply } from '../ipc';
import { status } from '../ipc/mock/world';
import { Replica } from '../replica.svelte';
import { DOCTOR } from '../ipc/mock/onboarding';
import { gatewayView, settings, timeline, GATEWAY_PLAYS } from '../ipc/mock/gateway';
import { failedFirst, tally } from './doctor.svelte';
import { GatewayDraft } from './draft.svelte';
import { GatewayDesk, until } from './gateway.svelte';
import { drawnSpans, labels, spanState, summary, ticks, type Frame } from './lanes';
import { wrongWith } from './login';
import { picture } from './memory';
import { consequences } from './orders';
import { hoursOf, quietOf, reminders, restartTimes } from './schedule';
import { lookOf, toneOf } from './steps';

const DAY = timeline(24, 'ready');
const FRAME: Frame = { from: DAY.from, to: DAY.to, left: 124, width: 800 };

describe('lanes', () => {
  test('a loss of seconds is still seen, and nothing leaves the picture', () => {
    for (const lane of DAY.lanes) {
      for (const span of drawnSpans(FRAME, lane.spans)) {
        expect(span.width).toBeGreaterThanOrEqual(3);
        expect(span.x).toBeGreaterThanOrEqual(124);
        expect(span.x + span.width).toBeLessThanOrEqual(924.001);
      }
    }
  });

  test('notes never touch, and what was lost is said first', () => {
    const at = (from: number, state: string, note: string): { from: number; to: number; state: string; note: string } => ({ from, to: from + 60, state, note });
    const spans = drawnSpans(FRAME, [at(DAY.from + 40_000, 'planned', 'daily restart'), at(DAY.from + 41_000, 'lost', '1100 to 1102, 1 min 52 s'), at(DAY.from + 80_000, 'planned', 'restart by you')]);
    expect(labels(FRAME, spans).map((label) => label.text)).toEqual(['1100 to 1102, 1 min 52 s', 'restart by you']);
  });

  test('what is not known has a note only where there is room for it', () => {
    const at = (from: number, seconds: number): { from: number; to: number; state: string; note: string } => ({ from, to: from + seconds, state: 'unknown', note: 'nothing is known' });
    const said = (seconds: number): number => labels(FRAME, drawnSpans(FRAME, [at(DAY.from + 30_000, seconds)])).length;
    expect([said(60), said(40_000)]).toEqual([0, 1]);
  });

  test('a state that this window does not know is not drawn as up', () => {
    expect(spanState('brand-new')).toBe('unknown');
  });

  test.each([[24, '16:00', 11], [168, 'Fri 13', 6], [720, '20 Oct', 5]])('the axis of %d hours says %s', (hours, wanted, least) => {
    const shown = timeline(hours, 'ready');
    const said = ticks({ from: shown.from, to: shown.to, left: 124, width: 800 });
    expect(said.map((tick) => tick.text)).toContain(wanted);
    expect(said.length).toBeGreaterThanOrEqual(least);
  });

  test('the picture is one sentence for those who do not see it', () => {
    expect(summary(DAY, '24 hours')).toBe('Connection over 24 hours. Up 99.7 %, 2 unplanned losses.');
  });
});

describe('steps', () => {
  test.each([['ready', 'ready', 'ready'], ['second-factor', 'second-factor', 'waits'], ['starting', 'starting', 'now'], ['failed', 'login', 'failed'], ['ready', 'second-factor', 'skipped'], ['stopped', 'ready', 'ahead']] as const)('%s shows %s as %s', (play, name, look) => {
    const view = gatewayView(play);
    expect(view.steps.filter((step) => step.name === name).map((step) => lookOf(step, view.phase))).toEqual([look]);
  });

  test('every state of the sample says its own words', () => {
    for (const play of GATEWAY_PLAYS) expect(gatewayView(play).sentence.endsWith('.'), play).toBe(true);
    expect(toneOf('brand-new')).toBe('c2');
  });
});

describe('what happens to orders', () => {
  const says = (act: 'stop' | 'restart', of: Parameters<typeof settings>[0]): string => consequences(act, status('paper'), settings(of)).map((line) => line.text).join(' ');

  test('a stop refuses new orders and leaves those at the broker', () => {
    const said = says('stop', {});
    expect(said).toContain('Every new order is refused until you start it again, exits too.');
    expect(said).toContain('8 working orders stay at the broker');
    expect(said).toContain('4 positions have no stop order');
    expect(said).toContain('5 bots are disconnected');
  });

  test('a restart keeps the bots, and says when a phone may be needed', () => {
    expect(says('restart', {})).toContain('5 bots are disconnected and have to come back');
    expect(says('restart', {})).toContain('have your phone ready');
  });

  test('the simulator forgets', () => {
    expect(says('restart', { source: 'simulator' })).toContain('The simulator begins afresh: 8 working orders');
    expect(says('restart', { source: 'simulator' })).not.toContain('phone');
  });
});

describe('the schedule', () => {
  test.each([[3 * 86_400 + 10 * 3600 + 34 * 60, '3 d 10 h 34 min'], [3600, '1 h 0 min'], [59, '0 min'], [-5, '0 min']])('%d s is %s', (seconds, said) => {
    expect(until(seconds)).toBe(said);
  });

  test.each([['2', 2], [' 60 ', 60], ['61', null], ['', null], ['-1', null], ['1.5', null]])('%j minutes are %j', (typed, wanted) => {
    expect(quietOf(typed)).toBe(wanted);
  });

  test('what is set can always be chosen again', () => {
    expect(restartTimes('03:17')).toContain('03:17');
    expect(reminders([7]).map((one) => one.word)).toContain('7 h');
    expect(reminders([12, 1]).map((one) => one.word)).toEqual(['Do not remind me', '1 h', '12 h and 1 h', '24 h, 12 h and 1 h', '48 h, 24 h, 12 h and 1 h']);
    expect([hoursOf(''), hoursOf('12 1')]).toEqual([[], [12, 1]]);
  });
});

describe('a login', () => {
  test.each([['user', ' me', 'begins or ends with a blank'], ['password', 'secret ', 'cuts blanks off'], ['password', '', 'missing'], ['password', 'a\tb', 'cannot be typed']] as const)('%s %j is refused with words', (what, value, why) => {
    expect(wrongWith(what, value)).toContain(why);
  });

  test.each(['in side', 'pä$$=\\w:ord', 'x'])('%j may be kept', (value) => {
    expect(wrongWith('password', value)).toBeNull();
  });
});

describe('the draft of the settings', () => {
  const draft = (change: Partial<ReturnType<typeof settings>>): GatewayDraft => {
    const made = new GatewayDraft();
    made.follow(settings());
    made.edit(change);
    return made;
  };

  test.each([['127.0.0.1:4002', null], ['gateway.local:7497', null], ['4002', 'host and port'], ['host:0', 'host and port'], ['host:70000', 'host and port'], ['a b:4002', 'host and port']])('the address %j', (address, wrong) => {
    const why = draft({ source: 'running', address }).addressWrong;
    if (wrong === null) expect(why).toBeNull();
    else expect(why).toContain(wrong);
  });

  test('an edit back to what is in force is no change', () => {
    const made = draft({ quiet_min: 5 });
    expect(made.isReady).toBe(true);
    made.edit({ quiet_min: 2 });
    expect(made.isChanged).toBe(false);
  });

  test('a running Gateway needs an address, a phone needs half a minute', () => {
    expect(draft({ source: 'running' }).isReady).toBe(false);
    expect(draft({ second_factor_s: 10 }).factorWrong).toContain('30 to 900');
    expect(draft({ second_factor_s: Number.NaN }).isReady).toBe(false);
  });
});

test('memory is drawn from zero to above the maximum, and never outside', () => {
  const box = { left: 8, right: 386, top: 15, bottom: 148 };
  const drawn = picture([[0, 400], [60, 800]], 1536, box);
  expect(drawn.line).toBe('M8.0,114.8L386.0,81.5');
  expect(drawn.maximum).toBeGreaterThanOrEqual(box.top);
  expect(drawn.marks.map((mark) => mark.text)).toEqual(['0', '400', '800', '1200']);
  expect(picture([], null, box).last).toBeNull();
});

test('the doctor says what failed first', () => {
  expect(failedFirst(DOCTOR.findings.toReversed()).map((finding) => finding.outcome).slice(0, 4)).toEqual(['fail', 'warn', 'warn', 'pass']);
  expect(tally(DOCTOR)).toBe('7 passed, 2 warnings, 1 failed');
  expect(tally({ ...DOCTOR, n_failed: 0, n_warned: 1, n_not_checkable: 3 })).toBe('7 passed, 1 warning, 3 not checkable');
});

test('an answer that was overtaken by what is told does not bring the old state back', async () => {
  let answer: (reply: Reply) => void = () => undefined;
  const backend: Backend = { isSample: true, columns: async () => new ArrayBuffer(0), ask: () => new Promise((done) => (answer = done)), subscribe: async () => () => undefined };
  const replica = new Replica(backend, () => 0);
  const desk = new GatewayDesk(backend, replica);
  const first = desk.load();
  answer({ reply: 'gateway', ...gatewayView('ready') });
  await first;
  expect(desk.view?.phase).toBe('ready');
  const late = desk.load();
  replica.hear({ update: 'gateway', value: gatewayView('stopped') });
  answer({ reply: 'gateway', ...gatewayView('ready') });
  await late;
  expect(desk.view?.phase).toBe('stopped');
});

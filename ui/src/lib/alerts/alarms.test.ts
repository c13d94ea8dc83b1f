import { render, screen, waitFor } from '@testing-library/svelte';
import { beforeAll, expect, test, vi } from 'vitest';

import App from '../../App.svelte';
import type { Alert, Backend, EntryRow, Reply, Request, Update } from '../ipc';
import { MockBackend } from '../ipc/mock/backend';
import { row } from '../ipc/mock/entries';
import { Alarms } from './alarms.svelte';
import { Tones } from './tones';

beforeAll(() => {
  vi.stubGlobal('ResizeObserver', class { observe(): void {} unobserve(): void {} disconnect(): void {} });
});

const alert = (of: Partial<Alert> = {}): Alert => ({ alarm: 'disconnected', severity: 'critical', text: 'The Gateway is lost.', state: 'began', has_sound: true, ...of });
const entry = (seq: number, kind: string): EntryRow => row({ seq, actor: 'gatehouse', kind, title: 'Alarm', subject: 'disconnected', summary: 'x' }, '2026-11-18T19:26:08Z');

/** A backend whose updates the test makes. */
function spoken(play: 'day' | 'empty' = 'day'): { backend: Backend; asked: Request[]; tell: (update: Update) => void } {
  const sample = new MockBackend({ play, mode: 'paper', isRunning: false });
  const asked: Request[] = [];
  let listener: (update: Update) => void = () => undefined;
  const ask = async (request: Request): Promise<Reply> => {
    asked.push(request);
    return sample.ask(request);
  };
  const subscribe: Backend['subscribe'] = (update) => {
    listener = update;
    return sample.subscribe(update);
  };
  return { backend: { isSample: true, columns: async () => new ArrayBuffer(0), ask, subscribe }, asked, tell: (update) => listener(update) };
}

class FakeTones extends Tones {
  nPlayed = 0;
  override play(): void {
    this.nPlayed += 1;
  }
}

test.each<[Partial<Alert>, 'assertive' | 'polite', number]>([
  [{}, 'assertive', 1],
  [{ state: 'still-open' }, 'assertive', 1],
  [{ state: 'ended', has_sound: false }, 'polite', 0],
  [{ state: 'test', severity: 'info' }, 'polite', 1],
  [{ severity: 'warning', has_sound: false }, 'polite', 0],
  [{ severity: 'info', has_sound: false }, 'polite', 0],
])('%j is said %s', (of, how, nPlayed) => {
  const tones = new FakeTones(() => null);
  const alarms = new Alarms(spoken().backend, tones);
  alarms.hear(alert(of));
  expect(alarms[how]).toContain('The Gateway is lost.');
  expect(alarms[how === 'polite' ? 'assertive' : 'polite']).toBe('');
  expect(tones.nPlayed).toBe(nPlayed);
});

test('the alarms are read when the ledger has something new of them', async () => {
  const { backend, asked } = spoken();
  const alarms = new Alarms(backend, new FakeTones(() => null));
  const n = (): number => asked.filter((request) => request.do === 'alarms').length;
  alarms.follow([entry(1, 'judged')]);
  expect(n()).toBe(1);
  alarms.follow([entry(2, 'judged'), entry(1, 'judged')]);
  expect(n()).toBe(1);
  for (const [seq, kind] of [[3, 'alarm-raised'], [4, 'alarm-acknowledged'], [5, 'alarm-ended']] as const) {
    alarms.follow([entry(seq, kind), entry(1, 'judged')]);
    expect(n()).toBe(seq - 1);
  }
  await waitFor(() => expect(alarms.worst).toBe('warning'));
});

test('the bell counts what is open, and its panel acknowledges it', async () => {
  const { backend, asked } = spoken();
  render(App, { backend });
  await waitFor(() => expect(screen.getByTestId('bell-count').textContent).toBe('2'));
  expect(screen.getByTestId('bell').getAttribute('aria-label')).toBe('Alerts, 2 open');
  screen.getByTestId('bell').click();
  await waitFor(() => expect(screen.getAllByTestId('alarm-row')).toHaveLength(2));
  expect(screen.getAllByTestId('alarm-row')[0]?.textContent).toMatch(/Warning.*3 times.*since.*delayed data/s);
  screen.getByTestId('alarm-ack-market-data').click();
  await waitFor(() => expect(screen.queryByTestId('alarm-ack-market-data')).toBeNull());
  expect(asked).toContainEqual({ do: 'acknowledge-alarm', alarm: 'market-data' });
});

test('without an alarm the panel says so and the bell has no number', async () => {
  render(App, { backend: spoken('empty').backend });
  await screen.findByTestId('bell');
  expect(screen.queryByTestId('bell-count')).toBeNull();
  screen.getByTestId('bell').click();
  await screen.findByTestId('alarms-empty');
});

test('a critical alert is said at once, others politely, and the same words again', async () => {
  const { backend, tell } = spoken();
  render(App, { backend });
  await screen.findByTestId('bell-count');
  tell({ update: 'alert', value: alert({ has_sound: false }) });
  await waitFor(() => expect(screen.getByTestId('alarm-at-once').textContent).toBe('Critical alarm. The Gateway is lost.'));
  const said = screen.getByTestId('alarm-at-once').firstElementChild;
  tell({ update: 'alert', value: alert({ has_sound: false }) });
  await waitFor(() => expect(screen.getByTestId('alarm-at-once').firstElementChild).not.toBe(said));
  tell({ update: 'alert', value: alert({ severity: 'warning', has_sound: false }) });
  await waitFor(() => expect(screen.getByTestId('alarm-politely').textContent).toBe('The Gateway is lost.'));
  expect(screen.getByTestId('alarm-at-once').textContent).toBe('');
});

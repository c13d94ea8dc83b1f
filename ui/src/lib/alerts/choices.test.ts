import { render, screen, waitFor } from '@testing-library/svelte';
import { expect, test } from 'vitest';

import { Refusal, type Backend, type Reply, type Request } from '../ipc';
import { MockBackend } from '../ipc/mock/backend';
import { AlertChoices } from './choices.svelte';
import Mounted from './Mounted.test.svelte';

function watched(fails?: Request['do']): { backend: Backend; asked: Request[] } {
  const sample = new MockBackend({ play: 'day', mode: 'paper', isRunning: false });
  const asked: Request[] = [];
  const ask = async (request: Request): Promise<Reply> => {
    asked.push(request);
    if (request.do === fails) throw new Refusal({ code: 'bad-input', kind: 'yours-to-fix', what: 'No.', why: 'A test.', next: 'Nothing.' });
    return sample.ask(request);
  };
  return { backend: { isSample: true, columns: async () => new ArrayBuffer(0), ask, subscribe: (update) => sample.subscribe(update) }, asked };
}
const sent = (asked: Request[]): Extract<Request, { do: 'set-alert-settings' }> | undefined => asked.find((request) => request.do === 'set-alert-settings');

test('what was chosen is sent whole, and an untouched address is kept', async () => {
  const { backend, asked } = watched();
  const choices = new AlertChoices(backend);
  await choices.load();
  choices.setQuiet(true);
  choices.repeat = '15';
  await choices.save();
  expect(sent(asked)).toMatchObject({ webhook: { to: 'keep' }, settings: { desktop: 'warning', repeat_minutes: 15, same_minutes: 10, quiet_critical: true, quiet_hours: { from: '22:00', to: '07:00' } } });
  expect(choices.isSaved).toBe(true);
});

test('an address is sent once and not kept in the window', async () => {
  const { backend, asked } = watched();
  const choices = new AlertChoices(backend);
  await choices.load();
  choices.address = ' https://hooks.example.com/T0/secret ';
  await choices.save();
  expect(sent(asked)?.webhook).toEqual({ to: 'set', value: 'https://hooks.example.com/T0/secret' });
  expect([choices.address, choices.overview?.webhook_to]).toEqual(['', 'https://hooks.example.com/…']);
  await choices.removeAddress();
  expect(choices.overview?.webhook_to).toBeNull();
});

test.each([['', '10'], ['-1', '10'], ['1.5', '10'], ['1441', '10'], ['5', '0'], ['5', 'x']])('%j and %j minutes are not sent', async (repeat, same) => {
  const { backend, asked } = watched();
  const choices = new AlertChoices(backend);
  await choices.load();
  [choices.repeat, choices.same] = [repeat, same];
  expect(choices.isReady).toBe(false);
  await choices.save();
  expect(sent(asked)).toBeUndefined();
});

test('a refused change says why and keeps what was typed', async () => {
  const choices = new AlertChoices(watched('set-alert-settings').backend);
  await choices.load();
  choices.address = 'http://example.com';
  await choices.save();
  expect([choices.failure?.what, choices.address, choices.isSaved]).toEqual(['No.', 'http://example.com', false]);
});

test('the test of a channel answers in words, also when nobody answers', async () => {
  const choices = new AlertChoices(watched().backend);
  await choices.test('webhook');
  expect(choices.tested.webhook).toEqual({ wentOut: false, sentence: 'Nothing was sent: there is no address.' });
  const mute = new AlertChoices(watched('test-alert').backend);
  await mute.test('desktop');
  expect(mute.tested.desktop).toEqual({ wentOut: false, sentence: 'No. A test.' });
});

test('the settings are shown, changed, tested and saved', async () => {
  const { backend, asked } = watched();
  render(Mounted, { backend });
  const sound = await screen.findByTestId<HTMLSelectElement>('alerts-sound');
  expect(sound.value).toBe('critical');
  sound.value = 'off';
  sound.dispatchEvent(new Event('change', { bubbles: true }));
  screen.getByTestId('alerts-quiet').click();
  await screen.findByTestId('alerts-quiet-zone');
  screen.getByTestId('alerts-test-desktop').click();
  await waitFor(() => expect(screen.getByTestId('alerts-tested-desktop').textContent).toContain('The desktop took the note.'));
  screen.getByTestId('alerts-save').click();
  await waitFor(() => expect(sent(asked)?.settings).toMatchObject({ sound: null, desktop: 'warning' }));
  expect(screen.getByTestId<HTMLInputElement>('alerts-address').type).toBe('password');
});

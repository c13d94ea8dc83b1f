import { render, screen, waitFor, within } from '@testing-library/svelte';
import { beforeAll, expect, test, vi } from 'vitest';

import App from './App.svelte';
import type { Request } from './lib/ipc';
import { MockBackend } from './lib/ipc/mock/backend';
import { GATEWAY_PLAYS, type GatewayPlay } from './lib/ipc/mock/gateway';

vi.mock('./lib/chart/candles', () => import('./test-candles'));

beforeAll(() => {
  vi.stubGlobal('ResizeObserver', class { observe(): void {} unobserve(): void {} disconnect(): void {} });
});

function open(gateway: GatewayPlay, of: { isFirst?: boolean } = {}): { asked: Request[] } {
  const backend = new MockBackend({ play: 'day', mode: 'paper', isRunning: false, gateway, ...of });
  const asked: Request[] = [];
  const answer = backend.ask.bind(backend);
  backend.ask = async (request) => {
    asked.push(request);
    return answer(request);
  };
  render(App, { backend });
  return { asked };
}
async function press(testid: string): Promise<void> {
  const button = await screen.findByTestId<HTMLButtonElement>(testid);
  await waitFor(() => expect(button.disabled).toBe(false));
  button.click();
}
async function gateway(play: GatewayPlay): Promise<{ asked: Request[] }> {
  const opened = open(play);
  await press('nav-gateway');
  await screen.findByTestId('gateway-steps');
  return opened;
}
async function type(testid: string, value: string): Promise<void> {
  const input = await screen.findByTestId<HTMLInputElement>(testid);
  input.value = value;
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

const BUTTONS: Record<GatewayPlay, string[]> = {
  ready: ['restart', 'stop'], stopped: ['start'], starting: ['stop'], 'login-needed': ['stop'], 'second-factor': ['stop'], 'needs-user': ['start', 'stop'], failed: ['start'],
  restarting: ['stop'], degraded: ['restart', 'stop'], simulator: ['restart', 'stop'], running: ['restart'], 'no-keychain': ['restart', 'stop'],
};

test.each(GATEWAY_PLAYS)('%s offers what can be done, and nothing else', async (play) => {
  await gateway(play);
  const offered = ['start', 'restart', 'stop'].filter((act) => screen.queryByTestId(`gateway-${act}`) !== null);
  expect(offered).toEqual(BUTTONS[play]);
});

test('the phone is waited for with its countdown, and the next act is said', async () => {
  await gateway('second-factor');
  expect(screen.getByTestId('step-second-factor').textContent).toContain('waiting for your phone, 2:41 left');
  expect(screen.getByTestId('gateway-sentence').textContent).toContain('Approve it in IBKR Mobile.');
});

test('a stop is reviewed, says what happens to orders, and leaves everything when it is not wanted', async () => {
  const { asked } = await gateway('ready');
  await press('gateway-stop');
  expect((await screen.findByTestId('gateway-review-lines')).textContent).toContain('8 working orders stay at the broker');
  within(screen.getByTestId('gateway-review')).getByText('Leave it running').click();
  await waitFor(() => expect(screen.queryByTestId('gateway-review')).toBeNull());
  expect(asked.some((request) => request.do === 'stop-gateway')).toBe(false);
  await press('gateway-stop');
  await press('gateway-stop-now');
  await press('gateway-start');
  await screen.findByTestId('gateway-restart');
  expect(asked.filter((request) => request.do === 'stop-gateway' || request.do === 'start-gateway').map((request) => request.do)).toEqual(['stop-gateway', 'start-gateway']);
});

test('the simulator has no schedule, no login and no process to watch', async () => {
  await gateway('simulator');
  for (const none of ['schedule-none', 'credentials-none', 'process-none']) await screen.findByTestId(none);
});

test('the connection is a picture, and a table for those who do not see it', async () => {
  const { asked } = await gateway('ready');
  expect((await screen.findByTestId('connection-picture')).getAttribute('aria-label')).toContain('Up 99.7 %, 2 unplanned losses.');
  await press('connection-table');
  expect((await screen.findByTestId('connection-rows')).textContent).toContain('1100 to 1102, 1 min 52 s');
  await press('range-720');
  await waitFor(() => expect(asked.some((request) => request.do === 'connection' && request.hours === 720)).toBe(true));
});

test('a setting of the schedule is saved whole', async () => {
  const { asked } = await gateway('ready');
  await type('quiet-min', '90');
  screen.getByTestId('quiet-min').dispatchEvent(new Event('blur'));
  expect(asked.some((request) => request.do === 'set-gateway')).toBe(false);
  await type('quiet-min', '5');
  screen.getByTestId('quiet-min').dispatchEvent(new Event('blur'));
  await press('keep-awake');
  const saved = asked.flatMap((request) => (request.do === 'set-gateway' ? [request.settings] : []));
  expect(saved[0]).toMatchObject({ quiet_min: 5, restart_at: '23:45', source: 'launched' });
});

test('a finding’s button does what it says', async () => {
  const { asked } = await gateway('ready');
  await press('remedy-sleep');
  await waitFor(() => expect(asked.some((request) => request.do === 'set-gateway' && request.settings.keep_awake)).toBe(true));
});

test('a password with a blank at its end is refused with words, and none stays in the page', async () => {
  const { asked } = await gateway('ready');
  await press('login-replace');
  await type('login-user', 'someone');
  await type('login-password', 'canary-1 ');
  await press('login-store');
  expect((await screen.findByTestId('login-wrong')).textContent).toContain('cuts blanks off');
  expect(asked.some((request) => request.do === 'store-login')).toBe(false);
  await type('login-password', 'canary-2');
  await press('login-store');
  await waitFor(() => expect(screen.queryByTestId('login-dialog')).toBeNull());
  expect(asked.filter((request) => request.do === 'store-login').length).toBe(1);
  expect(document.documentElement.innerHTML).not.toContain('canary');
  expect(screen.getByTestId('kept-login').textContent).toContain('…ne');
});

test('another Gateway waits to be saved, says what that interrupts, and live says what is refused', async () => {
  const { asked } = open('ready');
  await press('nav-settings');
  await press('source-running');
  await press('mode-live');
  expect(screen.getByTestId('mode-sentence').textContent).toContain('its orders are refused');
  await type('gateway-address', 'nonsense');
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>('settings-save').disabled).toBe(true));
  await type('gateway-address', '127.0.0.1:4001');
  expect(screen.getByTestId('settings-pending').textContent).toContain('working orders at the broker stay');
  await press('settings-save');
  await waitFor(() => expect(screen.queryByTestId('settings-pending')).toBeNull());
  expect(asked.find((request) => request.do === 'set-gateway')).toMatchObject({ settings: { source: 'running', mode: 'live', address: '127.0.0.1:4001' } });
});

test('the messages of the broker take the place of the connection, and leave it again', async () => {
  await gateway('ready');
  await press('messages-open');
  await screen.findByTestId('codes');
  expect(screen.queryByTestId('connection')).toBeNull();
  await press('messages-close');
  await screen.findByTestId('connection');
  expect(screen.queryByTestId('codes')).toBeNull();
});

test('the doctor looks again at another Gateway, and an address does not follow to another source', async () => {
  const { asked } = await gateway('running');
  const looks = (): number => asked.filter((request) => request.do === 'doctor').length;
  await waitFor(() => expect(looks()).toBe(1));
  await press('nav-settings');
  await press('source-launched');
  expect(screen.getByTestId<HTMLInputElement>('gateway-address').value).toBe('');
  await press('settings-save');
  await waitFor(() => expect(screen.queryByTestId('settings-pending')).toBeNull());
  await press('nav-gateway');
  await waitFor(() => expect(looks()).toBe(2));
});

test('a first run leads from nothing to a refused order', async () => {
  const { asked } = open('simulator', { isFirst: true });
  const at = async (step: string): Promise<void> => {
    await waitFor(() => expect(screen.getByTestId('onboarding').dataset['step']).toBe(step));
    // A new step is read from its heading on.
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('onboarding-heading')));
  };
  await screen.findByTestId('onboarding');
  await at('welcome');
  expect(screen.getByTestId('stored').textContent).toContain('ledger.db');
  await press('onboarding-next');
  await at('trade');
  await press('place-simulator');
  await press('onboarding-next');
  await at('gateway');
  await press('onboarding-next');
  await at('limits');
  await press('onboarding-next');
  await at('bot');
  await type('first-bot-name', 'my-bot');
  await press('first-bot-add');
  expect((await screen.findByTestId('first-bot-wait')).textContent).toContain('Waiting for my-bot');
  expect(screen.getByTestId('connect-line').textContent).toContain('ib.connect');
  await press('onboarding-next');
  await waitFor(() => expect(screen.queryByTestId('onboarding')).toBeNull());
  await press('try-refusal');
  expect((await screen.findByTestId('refusal-verdict')).textContent).toContain('Not sent');
  await waitFor(() => expect(screen.getByTestId('first-refusal').dataset['done']).toBe(''));
  expect(asked.filter((request) => request.do === 'set-onboarding').at(-1)).toMatchObject({ progress: { state: 'finished', bot: 'my-bot' } });
});

test('a first run that is put off is found again in Settings', async () => {
  open('ready', { isFirst: true });
  await screen.findByTestId('onboarding');
  await press('onboarding-next');
  await press('onboarding-later');
  await waitFor(() => expect(screen.queryByTestId('onboarding')).toBeNull());
  await press('nav-settings');
  await press('settings-first-run');
  await press('first-run-continue');
  await waitFor(() => expect(screen.getByTestId('onboarding').dataset['step']).toBe('trade'));
});

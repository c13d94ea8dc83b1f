/** The settings of alerts while a person edits them, and what a test of a channel answered. */
import { askFor, failureOf, type AlertChannel, type AlertOverview, type AlertSettings, type Backend, type Failure, type WebhookEdit } from '../ipc';

export interface Tested {
  wentOut: boolean;
  sentence: string;
}

const MINUTES_MAX = 1440;

/** The zone of the person's clock, for quiet hours that begin. */
const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

export class AlertChoices {
  overview = $state.raw<AlertOverview | null>(null);
  draft = $state<AlertSettings | null>(null);
  /** As typed: a field may be empty for a moment. */
  repeat = $state('');
  same = $state('');
  /** The new address of the webhook; shown nowhere else. */
  address = $state('');
  failure = $state.raw<Failure | null>(null);
  isBusy = $state(false);
  isSaved = $state(false);
  testing = $state<AlertChannel | null>(null);
  tested = $state.raw<Partial<Record<AlertChannel, Tested>>>({});

  readonly repeatWrong = $derived(minutes(this.repeat, 0) === null ? `Enter 0 to ${MINUTES_MAX}; 0 is never.` : null);
  readonly sameWrong = $derived(minutes(this.same, 1) === null ? `Enter 1 to ${MINUTES_MAX}.` : null);
  readonly isReady = $derived(this.draft !== null && !this.repeatWrong && !this.sameWrong && !this.isBusy);

  constructor(private readonly backend: Backend) {}

  async load(): Promise<void> {
    await this.#try(async () => this.#take(await askFor(this.backend, { do: 'alert-settings' }, 'alert-settings')));
  }

  /** Switches quiet hours on at the usual hours of the person's own clock, or off. */
  setQuiet(isOn: boolean): void {
    if (this.draft) this.draft.quiet_hours = isOn ? { from: '22:00', to: '07:00', zone: ownZone() } : null;
  }

  async save(): Promise<void> {
    const address = this.address.trim();
    await this.#send(address === '' ? { to: 'keep' } : { to: 'set', value: address });
  }

  async removeAddress(): Promise<void> {
    await this.#send({ to: 'remove' });
  }

  async test(channel: AlertChannel): Promise<void> {
    if (this.testing) return;
    this.testing = channel;
    try {
      const answer = await askFor(this.backend, { do: 'test-alert', channel }, 'alert-tested');
      this.#note(channel, { wentOut: answer.went_out, sentence: answer.sentence });
    } catch (thrown) {
      const failure = failureOf(thrown);
      this.#note(channel, { wentOut: false, sentence: `${failure.what} ${failure.why}` });
    }
    this.testing = null;
  }

  #note(channel: AlertChannel, tested: Tested): void {
    this.tested = { ...this.tested, [channel]: tested };
  }

  async #send(webhook: WebhookEdit): Promise<void> {
    const [draft, repeat, same] = [this.draft, minutes(this.repeat, 0), minutes(this.same, 1)];
    if (!draft || repeat === null || same === null) return;
    const settings = { ...$state.snapshot(draft), repeat_minutes: repeat, same_minutes: same };
    await this.#try(async () => {
      this.#take(await askFor(this.backend, { do: 'set-alert-settings', settings, webhook }, 'alert-settings'));
      this.address = '';
      this.isSaved = true;
    });
  }

  #take(overview: AlertOverview): void {
    this.overview = overview;
    this.draft = { ...overview.settings };
    this.repeat = String(overview.settings.repeat_minutes);
    this.same = String(overview.settings.same_minutes);
  }

  async #try(act: () => Promise<void>): Promise<void> {
    this.isBusy = true;
    this.isSaved = false;
    this.failure = null;
    try {
      await act();
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
    this.isBusy = false;
  }
}

function minutes(typed: string, least: number): number | null {
  const text = String(typed).trim();
  const value = Number(text);
  return /^\d{1,4}$/.test(text) && value >= least && value <= MINUTES_MAX ? value : null;
}

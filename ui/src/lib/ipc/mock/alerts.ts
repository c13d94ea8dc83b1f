/** Alarms and the settings of alerts, as made up as the rest. */
import type { AlarmRow, AlertOverview, AlertSettings, Reply, Request } from '../bindings';

type AlertRequest = Extract<Request, { do: 'alarms' | 'acknowledge-alarm' | 'alert-settings' | 'set-alert-settings' | 'test-alert' }>;

const FIRST: AlertSettings = { desktop: 'warning', sound: 'critical', webhook: 'critical', quiet_hours: null, quiet_critical: true, repeat_minutes: 5, same_minutes: 10 };

export function alarms(): AlarmRow[] {
  return [
    { alarm: 'market-data', severity: 'warning', sentence: '4 symbols have delayed data, so entries are refused', since: '2026-11-18T19:20:11.000Z', is_acknowledged: false, count: 3 },
    { alarm: 'weekly-login', severity: 'info', sentence: 'The weekly login is on Sunday at 01:00 New York; have your phone ready', since: '2026-11-18T13:00:00.000Z', is_acknowledged: true, count: 1 },
  ];
}

export class MockAlerts {
  rows: AlarmRow[];
  #settings = FIRST;
  #to: string | null = null;

  constructor(isEmpty: boolean) {
    this.rows = isEmpty ? [] : alarms();
  }

  answer(request: AlertRequest): Reply {
    switch (request.do) {
      case 'alarms':
        return { reply: 'alarms', rows: this.rows };
      case 'acknowledge-alarm':
        this.rows = this.rows.map((row) => (row.alarm === request.alarm ? { ...row, is_acknowledged: true } : row));
        return { reply: 'done', after_s: null, note: null };
      case 'alert-settings':
        return { reply: 'alert-settings', ...this.#overview() };
      case 'set-alert-settings':
        this.#settings = request.settings;
        if (request.webhook.to === 'set') this.#to = `${new URL(request.webhook.value).origin}/…`;
        if (request.webhook.to === 'remove') this.#to = null;
        return { reply: 'alert-settings', ...this.#overview() };
      case 'test-alert':
        if (request.channel === 'webhook' && this.#to === null) return { reply: 'alert-tested', channel: 'webhook', went_out: false, sentence: 'Nothing was sent: there is no address.' };
        return { reply: 'alert-tested', channel: request.channel, went_out: true, sentence: 'The desktop took the note.' };
    }
  }

  #overview(): AlertOverview {
    return {
      settings: this.#settings,
      channels: [
        { channel: 'desktop', sentence: 'Shown by the notification service of this desktop.', trouble: null },
        { channel: 'sound', sentence: 'Two tones, played by the window; without an open window nothing sounds.', trouble: null },
        { channel: 'webhook', sentence: this.#to ? `A POST of JSON to ${this.#to}. The whole address is in the keychain only.` : 'There is no address, so nothing is sent.', trouble: null },
      ],
      webhook_to: this.#to,
      note: null,
    };
  }
}

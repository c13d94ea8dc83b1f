/** What the doctor found, and what the button beside a finding does. */
import { askFor, failureOf, type Backend, type DoctorFinding, type DoctorOutcome, type DoctorRemedy, type DoctorReport, type Failure } from '../ipc';
import type { IconName } from '../ui/icons';

export const OUTCOMES: Record<DoctorOutcome, { icon: IconName; word: string; tone: string }> = {
  fail: { icon: 'refused', word: 'Fail', tone: 'halt' },
  warn: { icon: 'warn', word: 'Warn', tone: 'warn' },
  'not-checkable': { icon: 'minus', word: 'Not checkable here', tone: 'c3' },
  pass: { icon: 'check', word: 'Pass', tone: 'ok' },
};

const ORDER: DoctorOutcome[] = ['fail', 'warn', 'not-checkable', 'pass'];

/** Failed first, as they come. */
export function failedFirst(findings: readonly DoctorFinding[]): DoctorFinding[] {
  return ORDER.flatMap((outcome) => findings.filter((finding) => finding.outcome === outcome));
}

/** Returns `7 passed, 2 warnings, 1 failed`, without what there is none of. */
export function tally(report: DoctorReport): string {
  const parts: [number, string][] = [[report.n_passed, 'passed'], [report.n_warned, report.n_warned === 1 ? 'warning' : 'warnings'], [report.n_failed, 'failed'], [report.n_not_checkable, 'not checkable']];
  return parts.filter(([n], i) => n > 0 || i === 0).map(([n, word]) => `${n} ${word}`).join(', ');
}

export function buttonOf(remedy: DoctorRemedy): string {
  switch (remedy.do) {
    case 'run-again': return 'Test again';
    case 'start-gateway': return 'Start Gateway';
    case 'use-address': return `Use ${remedy.address}`;
    case 'keep-awake': return 'Keep awake';
    case 'show-symbols': return 'Show symbols';
    case 'open-settings': return 'Open settings';
    case 'accept-settings': return 'Accept settings';
  }
}

export class Doctor {
  report = $state.raw<DoctorReport | null>(null);
  /** The Gateway it looked at, as the caller names it. */
  about = $state<string | null>(null);
  failure = $state.raw<Failure | null>(null);
  isRunning = $state(false);

  constructor(private readonly backend: Backend) {}

  async run(about: string, acceptSettings = false): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    this.about = about;
    try {
      const { reply, ...report } = await askFor(this.backend, { do: 'doctor', address: null, client_id: null, accept_settings: acceptSettings }, 'doctor');
      void reply;
      this.report = report;
      this.failure = null;
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
    this.isRunning = false;
  }
}

/** The first run of the sample Gatehouse, and what it would store. */
import type { DoctorReport, OnboardingProgress, OnboardingView } from '../bindings';
import { at } from './clock';

const AT_HOME = '/home/you/.local/share/gatehouse';

export function onboarding(progress: OnboardingProgress, isDue: boolean): OnboardingView {
  return {
    is_due: isDue, progress,
    stored: [
      { title: 'Ledger', what: 'Every request, verdict, fill and setting, chained so that nothing can be changed unseen.', place: `${AT_HOME}/ledger.db` },
      { title: 'Log', what: 'What the program did, without account numbers.', place: `${AT_HOME}/log` },
      { title: 'Reports and exports', what: 'Only what you ask for.', place: `${AT_HOME}/reports, ${AT_HOME}/exports` },
      { title: 'Login', what: 'Nothing, unless you choose the keychain.', place: 'The keychain of this system' },
    ],
  };
}

export const DOCTOR: DoctorReport = {
  address: '127.0.0.1:4002', at: at('14:25:00.000'), n_failed: 1, n_warned: 2, n_not_checkable: 0, n_passed: 7,
  findings: [
    { id: 'sleep', name: 'Sleep', outcome: 'fail', sentence: 'This computer may sleep after 30 min.', next: null, remedy: { do: 'keep-awake' } },
    { id: 'market-data', name: 'Market data', outcome: 'warn', sentence: '4 symbols have delayed data, so entries are refused.', next: null, remedy: { do: 'show-symbols', symbols: ['SPY', 'QQQ'] } },
    { id: 'network', name: 'Network', outcome: 'warn', sentence: 'On Wi-Fi, 1.8 % loss in the last hour; a cable is steadier.', next: null, remedy: { do: 'run-again' } },
    { id: 'handshake', name: 'API handshake', outcome: 'pass', sentence: 'Port 4002 answers in 12 ms.', next: null, remedy: null },
    { id: 'mode', name: 'Account matches mode', outcome: 'pass', sentence: 'DU prefix, paper port, paper login.', next: null, remedy: null },
    { id: 'api-settings', name: 'API settings', outcome: 'pass', sentence: 'Socket on, read-only off, this machine only.', next: null, remedy: null },
    { id: 'clock', name: 'Clock', outcome: 'pass', sentence: '12 ms off, 500 ms allowed.', next: null, remedy: null },
    { id: 'memory', name: 'Memory', outcome: 'pass', sentence: '6.2 GB free, 2 GB needed.', next: null, remedy: null },
    { id: 'version', name: 'Version', outcome: 'pass', sentence: 'Stable build, no self-update.', next: null, remedy: null },
    { id: 'disk', name: 'Audit disk', outcome: 'pass', sentence: '212 GB free, last write 0.3 s ago.', next: null, remedy: null },
  ],
};

/** How the phases of the Gateway look. */
import type { GatewayView, SessionStep } from '../ipc';

export type StepLook = 'done' | 'ready' | 'now' | 'waits' | 'skipped' | 'ahead' | 'failed';

export const LOOK_WORDS: Record<StepLook, string> = { done: 'done', ready: 'done', now: 'now', waits: 'waiting for you', skipped: 'not needed', ahead: 'not yet', failed: 'failed' };

/** Phases in which nothing goes on before a person does something. */
const WAITING = ['login-needed', 'second-factor', 'needs-user'];

export function lookOf(step: SessionStep, phase: string): StepLook {
  if (step.state === 'now') return WAITING.includes(phase) ? 'waits' : 'now';
  return step.state === 'done' && step.name === 'ready' ? 'ready' : step.state;
}

export type Tone = 'ok' | 'warn' | 'pend' | 'halt' | 'c2';

export function toneOf(phase: string): Tone {
  if (phase === 'ready') return 'ok';
  if (phase === 'degraded') return 'warn';
  if (phase === 'failed') return 'halt';
  return WAITING.includes(phase) ? 'pend' : 'c2';
}

/** Whether the sentence of the state is shown: a launched Gateway that is ready needs none. */
export function needsWords(view: GatewayView): boolean {
  return view.phase !== 'ready' || view.settings.source !== 'launched' || view.is_by_command_line;
}

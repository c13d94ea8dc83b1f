/** The first run: where it is, what it remembers. The ledger keeps it, so that it goes on where it was left. */
import { askFor, failureOf, type Backend, type Failure, type OnboardingProgress, type OnboardingStep, type OnboardingView, type TradingPlace } from '../ipc';

export interface StepWords {
  step: OnboardingStep;
  title: string;
  text: string;
  /** The heading of the step. */
  heading: string;
  /** What it usually takes, in seconds. */
  takes: number;
}

export const STEPS: StepWords[] = [
  { step: 'welcome', title: 'Welcome', text: 'What is stored, and where', heading: 'A gate between your bots and the broker', takes: 60 },
  { step: 'trade', title: 'Where to trade', text: 'Simulator, paper or live', heading: 'Where should your bots trade?', takes: 60 },
  { step: 'gateway', title: 'Find Gateway', text: 'Version and port', heading: 'Which Gateway do you use?', takes: 90 },
  { step: 'login', title: 'Log in', text: 'Phone approval and restart time', heading: 'Who logs in?', takes: 120 },
  { step: 'limits', title: 'Safety limits', text: 'In money of your account', heading: 'How careful should Gatehouse be?', takes: 60 },
  { step: 'bot', title: 'First bot', text: 'One line to paste', heading: 'Connect your first bot', takes: 90 },
];

/** Steps that a place does not need. */
const SKIPPED: Record<TradingPlace, OnboardingStep[]> = { simulator: ['login'], paper: [] };

const BEGIN: OnboardingProgress = { state: 'open', step: 'welcome', place: null, bot: null, is_checklist_away: false };

export type StepLook = 'done' | 'now' | 'ahead' | 'skipped';

export class FirstRun {
  view = $state.raw<OnboardingView | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** Whether it lies over the window. */
  isOpen = $state(false);
  /** The bot of the checklist when nothing is kept, such as without a backend that knows the first run. */
  #follows = $state<string | null>(null);

  readonly progress = $derived.by(() => this.view?.progress ?? BEGIN);
  readonly at = $derived.by(() => STEPS.findIndex((one) => one.step === this.progress.step));
  readonly words = $derived.by(() => STEPS[this.at] ?? (STEPS[0] as StepWords));
  /** The bot of the checklist on Home. */
  readonly checklistBot = $derived.by(() => this.progress.bot ?? this.#follows);
  readonly hasChecklist = $derived.by(() => !this.progress.is_checklist_away && (this.checklistBot !== null || this.progress.state === 'finished'));
  /** Minutes that the steps ahead usually take. */
  readonly minutesLeft = $derived.by(() => Math.ceil(STEPS.filter((_, i) => i >= this.at).filter((one) => !this.isSkipped(one.step)).reduce((sum, one) => sum + one.takes, 0) / 60));

  constructor(private readonly backend: Backend) {}

  isSkipped(step: OnboardingStep): boolean {
    return this.progress.place !== null && SKIPPED[this.progress.place].includes(step);
  }

  lookOf(step: OnboardingStep): StepLook {
    const i = STEPS.findIndex((one) => one.step === step);
    if (i === this.at) return 'now';
    if (this.isSkipped(step)) return 'skipped';
    return i < this.at ? 'done' : 'ahead';
  }

  /** Reads how far it came; opens by itself where it is due. */
  async load(): Promise<void> {
    try {
      const { reply, ...view } = await askFor(this.backend, { do: 'onboarding' }, 'onboarding');
      void reply;
      const isFirst = this.view === null;
      this.view = view;
      if (isFirst && view.is_due) this.isOpen = true;
      this.failure = null;
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
  }

  /** Opens it again, where it was left or from the beginning. */
  async open(isAgain: boolean): Promise<void> {
    this.isOpen = true;
    await this.#keep({ state: 'open', ...(isAgain ? { step: 'welcome' } : {}) });
  }

  async next(): Promise<void> {
    await this.#step(1);
  }

  async back(): Promise<void> {
    await this.#step(-1);
  }

  async choose(place: TradingPlace): Promise<void> {
    await this.#keep({ place });
  }

  async later(): Promise<void> {
    this.isOpen = false;
    await this.#keep({ state: 'later' });
  }

  async finish(): Promise<void> {
    this.isOpen = false;
    await this.#keep({ state: 'finished' });
  }

  /** Shows the checklist of a bot on Home. */
  async follow(bot: string): Promise<void> {
    this.#follows = bot;
    await this.#keep({ bot, is_checklist_away: false });
  }

  async putChecklistAway(): Promise<void> {
    this.#follows = null;
    await this.#keep({ is_checklist_away: true });
  }

  async #step(by: 1 | -1): Promise<void> {
    let to = this.at + by;
    while (STEPS[to] && this.isSkipped((STEPS[to] as StepWords).step)) to += by;
    const step = STEPS[to]?.step;
    if (step) await this.#keep({ step });
  }

  /** Shows the change at once; a failure is said, and the window goes on without keeping it. */
  async #keep(change: Partial<OnboardingProgress>): Promise<void> {
    const progress = { ...this.progress, ...change };
    this.view = { is_due: false, stored: [], ...this.view, progress };
    try {
      await this.backend.ask({ do: 'set-onboarding', progress });
      this.failure = null;
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
  }
}

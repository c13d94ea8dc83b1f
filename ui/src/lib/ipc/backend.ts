/** The one way out of the window: a request is answered once, updates follow a subscription. */
import type { ColumnsRequest, Failure, Reply, Request, Update } from './bindings';

export type Unsubscribe = () => void;

export interface Backend {
  /** Whether the data is made up; the shell says so. */
  readonly isSample: boolean;
  /** Resolves to the answer; rejects with a `Refusal`, always. */
  ask(request: Request): Promise<Reply>;
  /** Resolves to raw bytes, as `ColumnsHead` describes them; rejects with a `Refusal`, always. */
  columns(request: ColumnsRequest): Promise<ArrayBuffer>;
  subscribe(onUpdate: (update: Update) => void): Promise<Unsubscribe>;
}

/** A failure as it travels through promises. */
export class Refusal extends Error {
  constructor(readonly failure: Failure) {
    super(failure.what);
    this.name = 'Refusal';
  }
}

/** Returns the failure of anything that was thrown, so that no view invents its own words. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof Refusal) return thrown.failure;
  if (isFailure(thrown)) return thrown;
  return {
    code: 'no-answer',
    kind: 'broken',
    what: 'Gatehouse gave no answer.',
    why: thrown instanceof Error ? thrown.message : String(thrown),
    next: 'Try again; if it happens again, restart Gatehouse.',
  };
}

function isFailure(value: unknown): value is Failure {
  if (typeof value !== 'object' || value === null) return false;
  return ['code', 'kind', 'what', 'why', 'next'].every((key) => key in value);
}

export type ReplyOf<Tag extends Reply['reply']> = Extract<Reply, { reply: Tag }>;

/** Asks, and insists on the kind of answer that the request has. */
export async function askFor<Tag extends Reply['reply']>(
  backend: Backend,
  request: Request,
  tag: Tag,
): Promise<ReplyOf<Tag>> {
  const reply = await backend.ask(request);
  if (reply.reply !== tag) throw new Error(`expected the answer ${tag}, got ${reply.reply}`);
  return reply as ReplyOf<Tag>;
}
